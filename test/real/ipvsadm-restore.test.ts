import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeIpvsadm, parseIpvsadm, printIpvsadm, printIpvsadmSave, type IpvsadmTable } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { corpusStates, corpusText, withoutSpans } from '../ipvsadm/corpus-outputs.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const machine = process.env['NETDRIFT_IPVS_VM'] ?? join(repository, '..', 'shared', 'lab', 'ipvs-vm');

/** Boots a virtual machine, so it runs on request: `NETDRIFT_REAL=1 npx vitest run test/real/ipvsadm-restore`. */
const wanted = process.env['NETDRIFT_REAL'] === '1' && existsSync(machine);

const captures = ['ln', 'tun-info', 'thresholds', 'save-n', 'proc-ip_vs'];

/** Runs in the guest: each table is restored in a network namespace of its own and listed. */
const guest = `modprobe ip_vs || exit 1
for m in rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh pe_sip; do modprobe ip_vs_$m; done
{ uname -r; ipvsadm --version; date -u +%F; } >/out/versions
cd /in/tables
for t in *; do
  mkdir -p /out/$t
  unshare -n sh -c '
    ip link set lo up
    ipvsadm -R <$0/rules 2>/out/$0/err; echo $? >/out/$0/status
    ipvsadm -ln >/out/$0/ln; ipvsadm -Ln --tun-info >/out/$0/tun-info; ipvsadm -Ln --thresholds >/out/$0/thresholds
    ipvsadm -Sn >/out/$0/save-n; cat /proc/net/ip_vs >/out/$0/proc-ip_vs' $t
done
`;

/** What was captured of a state, as one table, without what -R cannot set up. */
function capturedTable(paths: readonly string[]): IpvsadmTable {
  const forms = captures.map((name) => paths.find((path) => path.endsWith(`/${name}.txt`))).filter((path) => path !== undefined);
  return mergeIpvsadm(forms.map((path) => parseIpvsadm(corpusText(path)).value)).value;
}

/** The table that restore text describes, for comparing: connection counts and flags without a name are not restored. */
function comparable(table: IpvsadmTable): unknown {
  const services = table.services
    .filter(({ fwmark }) => fwmark === undefined || fwmark < 2 ** 31)
    .map((service) => ({
      ...service,
      ...(service.flags?.length === 0 ? { flags: undefined } : {}),
      destinations: service.destinations
        .map((destination) => ({ ...destination, activeConnections: 0, inactiveConnections: 0 }))
        .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    }))
    .map((service) => withoutSpans(service))
    .map((service) => JSON.stringify(Object.entries(service).sort(([one], [other]) => (one < other ? -1 : 1))));
  return services.sort();
}

describe.runIf(wanted)('a real kernel', () => {
  it('lists, after ipvsadm -R of our restore text, the table that was captured, over every scenario', { timeout: 900_000 }, () => {
    const work = mkdtempSync(join(tmpdir(), 'netdrift-real-'));
    const states = [...corpusStates()].filter(([folder, paths]) => folder.startsWith('ipvsadm/') && paths.some((path) => path.endsWith('/save-n.txt')));
    const tables = new Map<string, { readonly folder: string; readonly table: IpvsadmTable }>();
    for (const [index, [folder, paths]] of states.entries()) {
      const name = `t${String(index).padStart(3, '0')}`;
      const table = capturedTable(paths);
      mkdirSync(join(work, 'in', 'tables', name), { recursive: true });
      writeFileSync(join(work, 'in', 'tables', name, 'rules'), printIpvsadmSave(table));
      tables.set(name, { folder, table });
    }
    writeFileSync(join(work, 'guest.sh'), guest);
    const run = spawnSync(machine, ['-t', '800', '-i', join(work, 'in'), '-o', join(work, 'out'), join(work, 'guest.sh')], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, run.stderr]);

    const failed: string[] = [];
    for (const [name, { folder, table }] of tables) {
      const text = (form: string): string => readFileSync(join(work, 'out', name, form), 'utf8');
      const listed = mergeIpvsadm(captures.map((form) => parseIpvsadm(text(form)).value));
      const printed = captures.every((form) => printIpvsadm(parseIpvsadm(text(form)).value) === text(form));
      const equal = JSON.stringify(comparable(listed.value)) === JSON.stringify(comparable(table));
      if (text('status').trim() === '0' && text('err') === '' && printed && equal && listed.diagnostics.length === 0) continue;
      failed.push(`${folder}: status ${text('status').trim()}, ${JSON.stringify(text('err'))}, printed back ${printed}, equal ${equal}, ${JSON.stringify(listed.diagnostics)}`);
    }
    const [kernel = '', version = '', date = ''] = readFileSync(join(work, 'out', 'versions'), 'utf8').split('\n');
    if (failed.length === 0) writeFileSync(join(repository, 'docs', 'ipvsadm-real.md'), report({ kernel, version, date, states: tables.size }));
    expect(failed).toEqual([]);
    rmSync(work, { recursive: true });
  });
});

describe.skipIf(wanted)('a real kernel', () => {
  it('is not booted: set NETDRIFT_REAL=1, and NETDRIFT_IPVS_VM where ../shared/lab/ipvs-vm is not there', (context) => {
    context.skip();
  });
});

function report({ kernel, version, date, states }: { kernel: string; version: string; date: string; states: number }): string {
  return `# ipvsadm against a real kernel

\`NETDRIFT_REAL=1 npx vitest run test/real/ipvsadm-restore\` boots a Debian kernel in a virtual machine. For each captured table it
merges the captured forms, prints them as restore text (\`printIpvsadmSave\`), gives that to \`ipvsadm -R\` in a network
namespace of its own, lists the result in ${captures.length} forms, and compares: the tables are equal, \`ipvsadm -R\` said nothing, and every new
output prints back byte for byte. Left out, because \`ipvsadm -R\` refuses them: firewall marks above 2147483647 and
scheduler flags without a name.

Last result:

| | |
| --- | --- |
| date | ${date} |
| ipvsadm | ${version} |
| kernel | ${kernel} |
| tables | ${states} |
| restored and listed equal | ${states} |
`;
}
