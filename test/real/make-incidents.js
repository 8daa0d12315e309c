// Makes fixtures/incidents/<incident>/{before,after}: what the real tools list before and after a public incident, built again.
//
//   node test/real/make-incidents.js --vm=COMMAND [--captures=FOLDER] [INCIDENT...]
//
// COMMAND boots a machine with IPVS (`COMMAND -i FOLDER -o FOLDER SCRIPT`, as ../shared/lab/ipvs-vm); FOLDER holds captures of a real kube-proxy
// (default: ../shared/corpus/kube-proxy). `make.sh` of each incident says what is done, in a network namespace of its own, with the words defined below.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const fixtures = join(repository, 'fixtures/incidents');
const option = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const machine = option('vm');
const captures = option('captures') ?? join(repository, '../shared/corpus/kube-proxy');
if (machine === undefined) throw new Error('say which machine has IPVS: --vm=COMMAND');

const WORDS = `
ip link set lo up
# from CAPTURE: the node is in the state of a capture
from() {
  state=/in/captures/$1
  [ ! -s $state/ipset-save.txt ] || ipset restore <$state/ipset-save.txt
  iptables-restore <$state/iptables-save.txt
  [ ! -s $state/ipvsadm-Sn.txt ] || ipvsadm -R <$state/ipvsadm-Sn.txt
}
# more CAPTURE: as kube-proxy does it, over what is there; jumps from built-in chains are added where they are missing
more() {
  state=/in/captures/$1
  [ ! -s $state/ipset-save.txt ] || ipset restore <$state/ipset-save.txt
  grep -vE '^-A (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) ' $state/iptables-save.txt | iptables-restore --noflush
  while read -r line; do
    case $line in
      '*'*) table=\${line#?};;
      '-A PREROUTING '*|'-A INPUT '*|'-A FORWARD '*|'-A OUTPUT '*|'-A POSTROUTING '*)
        iptables-save -t $table | grep -qxF -e "$line" || printf '*%s\\n%s\\nCOMMIT\\n' $table "$line" | iptables-restore --noflush;;
    esac
  done <$state/iptables-save.txt
  [ ! -s $state/ipvsadm-Sn.txt ] || ipvsadm -R <$state/ipvsadm-Sn.txt
}
# copy CAPTURE SIDE NAME...: listings of the capture itself
copy() {
  state=/in/captures/$1; side=$OUT/$2; shift 2; mkdir -p $side
  for name in "$@"; do cp $state/$name.txt $side/; done
}
# list SIDE NAME...: what the tools list now; the tables of kubectl are those of the capture
list() {
  side=$OUT/$1; shift; mkdir -p $side
  for name in "$@"; do
    case $name in
      ipvsadm-*) set -- ipvsadm -\${name#*-};;
      ipset-save) set -- ipset save;;
      iptables-save) set -- iptables-save;;
      iptables-filter-*) set -- iptables -\${name##*-};;
      iptables-*) table=\${name#*-}; set -- iptables -t \${table%-*} -\${table#*-};;
      lsmod) set -- lsmod;;
      kubectl-*) set -- cat $state/$name.txt;;
    esac
    "$@" >$side/$name.txt
  done
}
`;

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const incidents = readdirSync(fixtures).filter(
  (name) => existsSync(join(fixtures, name, 'make.sh')) && (named.length === 0 || named.includes(name)),
);
const work = mkdtempSync(join(tmpdir(), 'netdrift-incidents-'));
const [input, output] = [join(work, 'in'), join(work, 'out')];
mkdirSync(input);
mkdirSync(output);
for (const name of incidents) {
  const script = readFileSync(join(fixtures, name, 'make.sh'), 'utf8');
  writeFileSync(join(input, `${name}.sh`), `${WORDS}${script}`);
  for (const [, capture] of script.matchAll(/^(?:from|more|copy) (\S+)/gm))
    cpSync(join(captures, capture), join(input, 'captures', capture), { recursive: true });
}
writeFileSync(
  join(work, 'guest.sh'),
  `modprobe ip_vs
for scheduler in rr wrr wlc sh; do modprobe ip_vs_$scheduler; done
cd /in
{ uname -r; iptables --version; ipset --version; ipvsadm --version; } >/out/versions.txt
for script in *.sh; do export OUT=/out/\${script%.sh}; mkdir -p $OUT; unshare -n sh $script 2>$OUT/errors.txt </dev/null; echo $script; done
true
`,
);
const run = spawnSync(machine, ['-t', '500', '-i', input, '-o', output, join(work, 'guest.sh')], { stdio: 'inherit' });
if (run.status !== 0) throw new Error(`${machine} ended with status ${run.status}`);
console.log(readFileSync(join(output, 'versions.txt'), 'utf8'));
for (const name of incidents) {
  const errors = readFileSync(join(output, name, 'errors.txt'), 'utf8').trim();
  if (errors !== '') console.error(`${name}: ${errors}`);
  for (const side of ['before', 'after']) {
    rmSync(join(fixtures, name, side), { recursive: true, force: true });
    cpSync(join(output, name, side), join(fixtures, name, side), { recursive: true });
  }
}
rmSync(work, { recursive: true });
