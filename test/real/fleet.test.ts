import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(repository, 'docs/fleet.md'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'netdrift-fleet-'));
/** Named so that two runs on one machine do not meet. */
const HOSTS = [`fleet-${process.pid}-a`, `fleet-${process.pid}-b`, `fleet-${process.pid}-c`] as const;

const sh = (script: string, env: Readonly<Record<string, string>> = {}) =>
  spawnSync('bash', ['-c', script], { cwd: work, encoding: 'utf8', timeout: 120_000, env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' } });

/** The lines of the page that hold all of these words, without their comments: what is documented is what runs. */
function documented(...words: readonly string[]): string {
  const line = page.split('\n').find((one) => words.every((word) => one.includes(word)));
  if (line === undefined) throw new Error(`docs/fleet.md has no line with ${words.join(' and ')}`);
  return line.replace(/ +# .*$/, '');
}

const RULES = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
:KUBE-SEP-A - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https -> 10.244.0.5:6443" -j KUBE-SEP-A
-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.0.5:6443
COMMIT
`;

/** As `ssh [OPTIONS] HOST COMMAND…`, into the namespace of that host; what runs on the last host is killed half-way. */
const SSH = `#!/bin/bash
while [[ $1 == -* ]]; do case $1 in -o | -l | -p | -i | -F | -S) shift 2 ;; *) shift ;; esac; done
host=$1
shift
[ "$1" != -- ] || shift
path=$PATH
[ "$host" != ${HOSTS[2]} ] || path=${work}/killers:$PATH
exec ip netns exec "$host" unshare --uts sh -c "hostname $host; PATH=$path; $*"
`;

const made = sh(
  HOSTS.map(
    (host) =>
      `ip netns add ${host} && ip netns exec ${host} ip link set lo up && ip netns exec ${host} iptables-nft-restore <<'RULES' || exit\n${RULES}RULES`,
  ).join('\n'),
);
const noHosts = made.status === 0 ? undefined : `no network namespaces with iptables here: ${made.stderr.trim()}`;
const missing = (tool: string): string | undefined => (sh(`command -v ${tool}`).status === 0 ? undefined : `no ${tool} here`);

beforeAll(() => {
  buildCli();
  mkdirSync(join(work, 'captures'));
  mkdirSync(join(work, 'killers'));
  writeFileSync(join(work, 'nodes'), HOSTS.map((host) => `${host}\n`).join(''));
  writeFileSync(join(work, 'capture.sh'), netdrift(['capture']).stdout);
  for (const [path, text] of [
    ['ssh', SSH],
    ['sudo', '#!/bin/sh\nexec "$@"\n'],
    ['killers/ip', '#!/bin/sh\nkill -9 $PPID\n'],
    ['killers/timeout', '#!/bin/sh\nkill -9 $PPID\n'],
  ] as const) {
    writeFileSync(join(work, path), text);
    chmodSync(join(work, path), 0o755);
  }
}, 120_000);
afterAll(() => {
  sh(HOSTS.map((host) => `ip netns del ${host}`).join('; '));
  rmSync(work, { recursive: true });
});

/** The rows of the nodes that were to be collected, and how the digest ended. */
function digested(): object {
  const { status, stdout, stderr } = netdrift(['digest'], {
    input: HOSTS.map((host) => `${join(work, 'captures', host)}.tar.gz\n`).join(''),
  });
  const rows: { type: string; node: string; complete: boolean; hash: string }[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const nodes = rows.filter(({ type }) => type === 'node');
  return {
    status,
    said: stderr.replaceAll(work, '…'),
    whole: nodes.map(({ node, complete }) => [node, complete]),
    alike: nodes[0]?.hash === nodes[1]?.hash && nodes[0]?.hash !== '',
  };
}

const WHOLE = [
  [HOSTS[0], true],
  [HOSTS[1], true],
  [HOSTS[2], false],
];
const env = { PATH: `${work}:${process.env['PATH'] ?? ''}` };

describe('three hosts, of which one fails half-way', () => {
  it('are collected by ansible and digested: the two others are whole and alike', { timeout: 180_000 }, (context) => {
    const reason = noHosts ?? missing('ansible');
    if (reason !== undefined) return context.skip(reason);
    const settings = {
      ...env,
      ANSIBLE_SSH_EXECUTABLE: join(work, 'ssh'),
      ANSIBLE_SSH_TRANSFER_METHOD: 'piped',
      ANSIBLE_INVENTORY: join(work, 'nodes'),
      ANSIBLE_BECOME: 'false',
      ANSIBLE_HOME: join(work, '.ansible'),
    };
    const collect = documented('ansible all', '-m script').replace(' --become', '');
    const collected = sh(collect, settings);
    expect({ status: collected.status, stdout: collected.stdout, stderr: collected.stderr }).toMatchObject({
      status: 2,
      stdout: expect.stringContaining(`${HOSTS[2]} | FAILED`),
      stderr: '',
    });
    expect(sh(documented('ansible all', '-m fetch').replace(' --become', ''), settings).status).toBe(2);
    expect(readdirSync(join(work, 'captures')).sort()).toEqual([`${HOSTS[0]}.tar.gz`, `${HOSTS[1]}.tar.gz`]);
    expect(digested()).toEqual({
      status: 2,
      said: `netdrift: cannot read …/captures/${HOSTS[2]}.tar.gz: there is no such file or folder\n`,
      whole: WHOLE,
      alike: true,
    });
    sh(`rm -f captures/* ${HOSTS.map((host) => `/tmp/${host}.tar.gz`).join(' ')}`);
  });

  it(
    'are collected by GNU parallel and digested: an archive that was cut is no node that does nothing',
    { timeout: 180_000 },
    (context) => {
      const reason = noHosts ?? missing('parallel');
      if (reason !== undefined) return context.skip(reason);
      const collected = sh(documented('parallel', 'capture.sh').replace('parallel ', 'parallel --will-cite '), env);
      expect({ status: collected.status, failed: sh("awk 'NR > 1 && $7 + $8 != 0' collect.log | wc -l").stdout.trim() }).toEqual({
        status: 1,
        failed: '1',
      });
      expect(digested()).toMatchObject({ status: 2, whole: WHOLE, alike: true });
    },
  );
});

describe('history in PostgreSQL', () => {
  const bin = readdirSync('/usr/lib').includes('postgresql') ? sh('ls -d /usr/lib/postgresql/*/bin | tail -n 1').stdout.trim() : '';
  const cluster = join(work, 'cluster');
  const as = process.getuid?.() === 0 ? 'runuser -u postgres --' : '';

  it('is loaded by the documented command, and tells since when an address does something else', { timeout: 180_000 }, (context) => {
    if (bin === '') return context.skip('no PostgreSQL here');
    const psql = (command: string) => sh(command, { PGHOST: cluster, PGUSER: 'postgres', PGDATABASE: 'postgres' });
    const started = sh(
      `chmod 755 . && mkdir cluster && ${as === '' ? '' : 'chown postgres cluster &&'} cd cluster && ${as} ${bin}/initdb -D data -U postgres -A trust >/dev/null && ${as} ${bin}/pg_ctl -w -s -D data -o "-c listen_addresses='' -k ${cluster} -F" -l log start`,
    );
    expect({ status: started.status, stderr: started.stderr }).toEqual({ status: 0, stderr: '' });
    try {
      const load = documented('psql', 'history.sql').replace(/\S+history\.sql/, join(repository, 'packages/cli/sql/history.sql'));
      const node = join(work, 'node-1');
      mkdirSync(node);
      for (const rules of [RULES, RULES.replaceAll('10.244.0.5', '10.244.0.9')]) {
        writeFileSync(join(node, 'iptables-save.txt'), rules);
        writeFileSync(join(work, 'digest.jsonl'), netdrift(['digest', node]).stdout);
        expect(psql(load)).toMatchObject({ status: 0, stderr: '' });
      }
      const rows = readFileSync(join(work, 'digest.jsonl'), 'utf8').trimEnd().split('\n').length;
      expect(psql('psql -Atc "select count(*), count(distinct taken) from digest"').stdout).toBe(`${2 * rows}|2\n`);
      const changed = psql(documented('psql', 'digest_changes').replace('psql ', 'psql -At '));
      expect({
        status: changed.status,
        rows: changed.stdout
          .trim()
          .split('\n')
          .map((row) => row.split('|').slice(1, 3)),
      }).toEqual({ status: 0, rows: [['node-1', 'tcp 10.96.0.1:443']] });
    } finally {
      sh(`cd cluster && ${as} ${bin}/pg_ctl -s -m immediate -D data stop`);
    }
  });
});
