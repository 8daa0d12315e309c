import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeIpvsadm, parseIpvsadm, printIpvsadm, printIpvsadmSave, type IpvsadmValue } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { corpusStates, corpusText } from '../ipvsadm/corpus-outputs.ts';

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

/** What was captured of a state, form by form. */
function capturedForms(paths: readonly string[]): readonly IpvsadmValue[] {
  const forms = captures.map((name) => paths.find((path) => path.endsWith(`/${name}.txt`))).filter((path) => path !== undefined);
  return forms.map((path) => parseIpvsadm(corpusText(path)).value);
}

/** Where the restored table may differ: what `ipvsadm -R` refuses, and what an old version showed under another name. */
const accepted: Readonly<Record<string, readonly string[]>> = {
  'ipvsadm/fwmark-big': ['service -f -2147483648 is missing in the plain output', 'service -f -1 is missing in the plain output'],
  'ipvsadm/sched-flags': [
    'flags of service -t 10.2.0.10:80 is "()" in one output and not set in another',
    'flags of service -t 10.2.0.11:80 is "()" in one output and not set in another',
  ],
};

describe.runIf(wanted)('a real kernel', () => {
  it('lists, after ipvsadm -R of our restore text, the table that was captured, over every scenario', { timeout: 900_000 }, () => {
    const work = mkdtempSync(join(tmpdir(), 'netdrift-real-'));
    const states = [...corpusStates()].filter(
      ([folder, paths]) => folder.startsWith('ipvsadm/') && paths.some((path) => path.endsWith('/save-n.txt')),
    );
    const tables = new Map<string, { readonly folder: string; readonly forms: readonly IpvsadmValue[] }>();
    for (const [index, [folder, paths]] of states.entries()) {
      const name = `t${String(index).padStart(3, '0')}`;
      const forms = capturedForms(paths);
      mkdirSync(join(work, 'in', 'tables', name), { recursive: true });
      writeFileSync(join(work, 'in', 'tables', name, 'rules'), printIpvsadmSave(mergeIpvsadm(forms).value));
      tables.set(name, { folder, forms });
    }
    writeFileSync(join(work, 'guest.sh'), guest);
    const run = spawnSync(machine, ['-t', '800', '-i', join(work, 'in'), '-o', join(work, 'out'), join(work, 'guest.sh')], {
      encoding: 'utf8',
    });
    expect([run.status, run.stderr]).toEqual([0, run.stderr]);

    const different: Record<string, readonly string[]> = {};
    for (const [name, { folder, forms }] of tables) {
      const text = (form: string): string => readFileSync(join(work, 'out', name, form), 'utf8');
      const listed = captures.map((form) => parseIpvsadm(text(form)).value);
      // Forms of the captured table and of the restored one are forms of one table.
      const told = mergeIpvsadm([...forms, ...listed])
        .diagnostics.filter(({ severity }) => severity === 'error')
        .map(({ message }) => message);
      if (text('status').trim() !== '0' || text('err') !== '')
        told.push(`ipvsadm -R: status ${text('status').trim()}, ${JSON.stringify(text('err'))}`);
      for (const form of captures)
        if (printIpvsadm(parseIpvsadm(text(form)).value) !== text(form)) told.push(`${form} does not print back`);
      if (told.length > 0) different[folder] = told;
    }
    const [kernel = '', version = '', date = ''] = readFileSync(join(work, 'out', 'versions'), 'utf8').split('\n');
    expect(different).toEqual(accepted);
    writeFileSync(join(repository, 'docs', 'ipvsadm-real.md'), report({ kernel, version, date, states: tables.size }));
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
