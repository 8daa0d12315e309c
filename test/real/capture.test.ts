import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const script = join(repository, 'packages/cli/src/capture/capture.sh');
const work = mkdtempSync(join(tmpdir(), 'netdrift-capture-'));
afterAll(() => rmSync(work, { recursive: true }));
beforeAll(buildCli, 120_000);

const sh = (...words: readonly string[]) => spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8', timeout: 60_000 });

/** What a node of kube-proxy in iptables mode has, in a network namespace that ends with the script; `iptables` of either backend. */
const nodeOf = (iptables: string): string => `
ip link set lo up
ipset create KUBE-LOOP-BACK hash:ip,port,ip && ipset add KUBE-LOOP-BACK 10.244.0.5,tcp:6443,10.244.0.5
${iptables}-restore <<'RULES'
*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
:KUBE-SEP-A - [0:0]
:KUBE-SEP-B - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https -> 10.244.0.5:6443" -m statistic --mode random --probability 0.5 -j KUBE-SEP-A
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https -> 10.244.0.6:6443" -j KUBE-SEP-B
-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.0.5:6443
-A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 10.244.0.6:6443
COMMIT
RULES`;

const probe = sh('unshare', '-n', 'sh', '-c', nodeOf('iptables-nft'));
const reason =
  probe.status === 0 ? undefined : `no network namespace with iptables and ipset here: ${(probe.stderr ?? String(probe.error)).trim()}`;

const SHELLS = ['dash', 'busybox sh'].map((shell) => ({ shell, missing: sh(...shell.split(' '), '-c', 'true').status !== 0 }));
const CASES = SHELLS.flatMap(({ shell, missing }) => ['iptables-nft', 'iptables-legacy'].map((backend) => ({ shell, missing, backend })));

describe.each(CASES)('netdrift capture by $shell, with rules of $backend', ({ shell, missing, backend }) => {
  it('gives two archives whose diff is exactly what was done between them', (context) => {
    if (reason !== undefined || missing) return context.skip(reason ?? `no ${shell} here`);
    const [before, after] = ['before', 'after'].map((name) => join(work, `${name}-${shell.length}-${backend}.tar.gz`));
    const run = sh(
      'unshare',
      '-n',
      'sh',
      '-e',
      '-c',
      `${nodeOf(backend)}
${shell} ${script} ${before}
${backend} -t nat -D KUBE-SVC-NPX46M4PTMTKRN6Y 1
${shell} -s - <${script} >${after}`,
    );
    expect(run).toMatchObject({ status: 0, stderr: `netdrift capture: wrote ${before}\n` });
    expect(netdrift(['diff', before ?? '', before ?? ''])).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout, stderr } = netdrift(['diff', before ?? '', after ?? '', '--format', 'json']);
    const { changes, troubles }: { changes: { severity: string; subject: { name: string }; text: string }[]; troubles: object[] } =
      JSON.parse(stdout);
    expect({ status, stderr, troubles }).toEqual({ status: 1, stderr: '', troubles: [] });
    expect(
      changes
        .filter(({ severity }) => severity !== 'none')
        .map(({ subject, text }) => [subject.name, /lost the endpoint \S+/.exec(text)?.[0]]),
    ).toEqual([['default/kubernetes:https', 'lost the endpoint 10.244.0.5:6443']]);
  });
});

it.for(SHELLS)('the manifest by $shell says what each command came to', ({ shell, missing }, context) => {
  if (reason !== undefined || missing) return context.skip(reason ?? `no ${shell} here`);
  const archive = join(work, 'manifest.tar.gz');
  // A tool that fails, one that prints nothing, and a hostile one: its error is text of the manifest and nothing else.
  const tools = join(work, `tools-${shell.length}`);
  sh('mkdir', tools);
  writeFileSync(
    join(tools, 'ipset'),
    '#!/bin/sh\n[ "$1" = save ] || exit 0\nprintf \'bad "quote" \\\\ \\033[2J\\nline\\n\' >&2\nexit 1\n',
    { mode: 0o755 },
  );
  const run = sh('unshare', '-n', 'sh', '-c', `PATH=${tools}:$PATH; ${shell} ${script} ${archive}`);
  expect(run.status).toBe(0);
  const manifest = JSON.parse(sh('sh', '-c', `tar -xzO --wildcards '*/manifest.json' -f ${archive}`).stdout);
  expect(manifest).toMatchObject({ schemaVersion: '1.0', netdrift: 'NETDRIFT_VERSION', root: true });
  const told = new Map<string, object>(manifest.commands.map(({ file, ...rest }: { file: string }) => [file, rest]));
  expect(told.get('ipset-save.txt')).toEqual({
    command: 'ipset save -sorted',
    ran: true,
    status: 1,
    empty: true,
    stderr: 'bad "quote" \\ [2J line',
  });
  expect(told.get('ip-rule.txt')).toEqual({ command: 'ip -4 rule', ran: true, status: 0, empty: false });
  const members = sh('tar', '-tzf', archive)
    .stdout.split('\n')
    .map((path) => path.slice(path.indexOf('/') + 1));
  expect(members).not.toContain('ipset-save.txt');
  expect(members).toContain('ip-rule.txt');
});

it('nothing that is not loaded is asked, for asking would load it', () => {
  const text = readFileSync(script, 'utf8');
  // /proc of a kernel on which nothing is loaded, and tools that leave a trace when they are run.
  const root = join(work, 'root');
  sh('sh', '-c', `mkdir -p ${root}/proc/sys ${root}/proc/net ${root}/sys ${root}/bin && : >${root}/proc/modules`);
  for (const tool of [
    'ipvsadm',
    'ipset',
    'nft',
    'conntrack',
    'ss',
    ...['iptables', 'ip6tables'].flatMap((family) => ['', '-save', '-nft-save', '-legacy-save'].map((end) => `${family}${end}`)),
  ]) {
    writeFileSync(join(root, 'bin', tool), `#!/bin/sh\necho "$0 $*" >>${root}/asked\n`, { mode: 0o755 });
  }
  writeFileSync(join(root, 'here.sh'), text.replaceAll('/proc/', `${root}/proc/`).replaceAll('/sys/module/', `${root}/sys/`));
  const run = sh(
    'sh',
    '-c',
    `PATH=${root}/bin:$PATH; for shell in ${SHELLS.filter(({ missing }) => !missing)
      .map(({ shell }) => `"${shell}"`)
      .join(' ')}; do $shell ${root}/here.sh - </dev/null >/dev/null || exit; done; cat ${root}/asked`,
  );
  expect(run).toMatchObject({ stdout: '', stderr: expect.stringContaining('asked') });
});
