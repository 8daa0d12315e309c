// `NETDRIFT_VM=path/to/vm node scripts/expected-in-kernel.js VERSION OBJECTS...`: what `netdrift expect --mode ipvs` prints for each file
// of objects, loaded by `ipvsadm -R` and `ipset restore`, listed again by `ipvsadm -Sn` and `ipset save`, and compared as sets of lines.
// The machine takes `-i FOLDER -o FOLDER SCRIPT`: a script that it runs as root, with the first folder as /in and what is left in /out in
// the second.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const machine = process.env['NETDRIFT_VM'];
const netdrift = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));
const [version = '1.30', ...files] = process.argv.slice(2);

const GUEST = `modprobe ip_vs; for s in rr lc sh mh wrr; do modprobe ip_vs_$s; done; modprobe ip_set
for kind in ipvsadm ipset; do for file in *.$kind; do
  ipvsadm -C; ipset destroy
  if [ $kind = ipvsadm ]; then ipvsadm -R < $file && ipvsadm -Sn > /out/$file; else ipset restore < $file && ipset save > /out/$file; fi
  echo "$file $?" >> /out/status.txt
done; done
`;

/** Lines without what the kernel chooses. @param {string} path */
function linesOf(path) {
  return new Set(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(/ (?:initval|hashsize|bucketsize) \S+/g, '')),
  );
}

if (machine === undefined || files.length === 0) {
  process.stderr.write('skipped: NETDRIFT_VM does not name a machine, or no objects are given\n');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-expected-'));
  const [given, found] = ['in', 'out'].map((name) => join(folder, name));
  for (const path of [given, found]) mkdirSync(path ?? '');
  const cases = files.flatMap((_, index) => ['ipvsadm', 'ipset'].map((format) => `${index}.${format}`));
  for (const one of cases) {
    const [index = '', format = ''] = one.split('.');
    const told = spawnSync(
      process.execPath,
      [netdrift, 'expect', files[Number(index)] ?? '', '--node', 'node-1', '--version', version, '--mode', 'ipvs', '--format', format],
      { encoding: 'utf8' },
    );
    writeFileSync(join(given ?? '', one), told.stdout);
  }
  const script = join(folder, 'load.sh');
  writeFileSync(script, GUEST);
  spawnSync(machine, ['-t', '300', '-i', given ?? '', '-o', found ?? '', script], { stdio: 'inherit' });
  let [equal, lines] = [0, 0];
  for (const one of cases) {
    const [asked, listed] = [given, found].map((path) => linesOf(join(path ?? '', one)));
    const differing = [...(asked ?? [])]
      .filter((line) => listed?.has(line) !== true)
      .map((line) => `- ${line}`)
      .concat([...(listed ?? [])].filter((line) => asked?.has(line) !== true).map((line) => `+ ${line}`));
    lines += asked?.size ?? 0;
    if (differing.length === 0) equal += 1;
    else process.stdout.write(`${files[Number(one.split('.')[0])]} ${one.split('.')[1]}:\n${differing.join('\n')}\n`);
  }
  process.stdout.write(`${equal} of ${cases.length} listings equal what was loaded, ${lines} lines\n`);
  process.exitCode = equal === cases.length ? 0 : 1;
}
