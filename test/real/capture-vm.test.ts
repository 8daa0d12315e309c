import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const machine = process.env['NETDRIFT_IPVS_VM'] ?? join(repository, '..', 'shared', 'lab', 'ipvs-vm');
/** Boots a virtual machine, so it runs on request: `NETDRIFT_REAL=1 npx vitest run test/real/capture-vm`. */
const wanted = process.env['NETDRIFT_REAL'] === '1' && existsSync(machine);

/** Runs in the guest: nothing of netfilter is loaded at first. */
const guest = `modules() { lsmod | cut -d ' ' -f 1 | sort; }
modules >/out/boot
for shell in dash 'busybox sh'; do
  $shell /in/capture.sh /out/boot.tar.gz 2>/dev/null || exit 1
  modules >"/out/after $shell"
done
modprobe ip_vs && ipvsadm -A -t 10.0.0.1:80 -s rr && ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m && ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m
modules >/out/loaded
sh /in/capture.sh /out/before.tar.gz 2>/dev/null
modules >/out/loaded-after
ipvsadm -d -t 10.0.0.1:80 -r 10.1.0.2:80
sh /in/capture.sh /out/after.tar.gz 2>/dev/null
`;

it.skipIf(!wanted)(
  `netdrift capture on a fresh boot loads no module, and shows what changed${wanted ? '' : ' (skipped: no machine is booted without NETDRIFT_REAL=1)'}`,
  { timeout: 600_000 },
  () => {
    buildCli();
    const work = mkdtempSync(join(tmpdir(), 'netdrift-vm-'));
    mkdirSync(join(work, 'in'));
    copyFileSync(join(repository, 'packages/cli/src/capture/capture.sh'), join(work, 'in/capture.sh'));
    writeFileSync(join(work, 'guest.sh'), guest);
    const run = spawnSync(machine, ['-t', '500', '-i', join(work, 'in'), '-o', join(work, 'out'), join(work, 'guest.sh')], {
      encoding: 'utf8',
    });
    expect([run.status, run.stderr]).toEqual([0, run.stderr]);
    const out = (name: string): string => readFileSync(join(work, 'out', name), 'utf8');
    expect(out('boot')).not.toMatch(/^(ip_vs|ip_set|nf_tables|ip_tables|nf_conntrack|nfnetlink)$/m);
    expect([out('after dash'), out('after busybox sh'), out('loaded-after')]).toEqual([out('boot'), out('boot'), out('loaded')]);
    const { status, stdout } = netdrift(['diff', join(work, 'out/before.tar.gz'), join(work, 'out/after.tar.gz'), '--format', 'json']);
    const { changes, troubles }: { changes: { severity: string; text: string }[]; troubles: object[] } = JSON.parse(stdout);
    expect({ status, troubles, changes: changes.filter(({ severity }) => severity !== 'none').map(({ text }) => text) }).toEqual({
      status: 1,
      troubles: [],
      changes: ['tcp 10.0.0.1:80 lost the endpoint 10.1.0.2:80'],
    });
    rmSync(work, { recursive: true });
  },
);
