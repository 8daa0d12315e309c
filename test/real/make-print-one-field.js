// Makes fixtures/print-one-field/*.json: what the real tools print before and after one field of an object is changed.
//
//   node test/real/make-print-one-field.js [FILE...]       pairs that run in a network namespace of this machine (as root)
//   node test/real/make-print-one-field.js --vm=COMMAND    pairs that need another kernel, in the machine that COMMAND boots
//                                                          (`COMMAND -i FOLDER -o FOLDER SCRIPT`, as ../shared/lab/ipvs-vm)
//
// fixtures/print-one-field/pairs/ says how each text is made; the pairs of the other run stay as they are.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../../fixtures/print-one-field/', import.meta.url));
const machine = process.argv.find((word) => word.startsWith('--vm='))?.slice('--vm='.length);

/** The commands that print a rule, by the name of its text. */
const RULE_FORMS = { nL: '-nL', nvL: '-nvL', S: '-S' };

/** The texts of a pair, each with the shell script that leaves them in `$TEXTS`. */
function jobsOf(pair) {
  if (pair.chain === undefined) {
    const script = `${pair.setup ?? ':'}\n{ ${pair.before}; } >$TEXTS/before.text 2>&1\n{ ${pair.after}; } >$TEXTS/after.text 2>&1\n`;
    return [{ script, names: ['text'] }];
  }
  return ['legacy', 'nft'].map((backend) => {
    const tool = `${pair.family === 'ipv6' ? 'ip6tables' : 'iptables'}-${backend}`;
    const table = `${tool} -t ${pair.table}`;
    const side = (name) => [
      `${table} -A ${pair.chain} ${pair[name]} || exit 1`,
      ...Object.entries(RULE_FORMS).map(([form, options]) => `${table} ${options} ${pair.chain} >$TEXTS/${name}.${backend}-${form}`),
    ];
    const script = [`T=${tool}`, pair.setup ?? ':', ...side('before'), `${table} -F ${pair.chain}`, ...side('after')].join('\n');
    return { script, names: Object.keys(RULE_FORMS).map((form) => `${backend}-${form}`) };
  });
}

/** Runs the scripts, each in a network namespace of its own; the texts are in folders named for their places in the list. */
function runAll(scripts, work) {
  const [input, output] = [join(work, 'in'), join(work, 'out')];
  mkdirSync(input);
  mkdirSync(output);
  scripts.forEach((script, index) => writeFileSync(join(input, `${index}.sh`), script));
  const all = (to) =>
    `for script in *.sh; do export TEXTS=${to}/\${script%.sh}; mkdir -p $TEXTS; unshare -n sh $script 2>$TEXTS/errors </dev/null; done; true\n`;
  if (machine === undefined) {
    spawnSync('sh', ['-c', all(output)], { cwd: input, stdio: 'inherit' });
    return output;
  }
  writeFileSync(join(work, 'guest.sh'), `modprobe ip_vs\ncd /in\n${all('/out')}`);
  const run = spawnSync(machine, ['-t', '500', '-i', input, '-o', output, join(work, 'guest.sh')], { stdio: 'inherit' });
  if (run.status !== 0) throw new Error(`${machine} ended with status ${run.status}`);
  return output;
}

const linesOf = (file) => readFileSync(file, 'utf8').split('\n');

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const file of readdirSync(join(fixtures, 'pairs')).filter((name) => named.length === 0 || named.includes(name))) {
  const made = join(fixtures, basename(file));
  const pairs = JSON.parse(readFileSync(join(fixtures, 'pairs', file), 'utf8'));
  const old = existsSync(made) ? JSON.parse(readFileSync(made, 'utf8')) : [];
  const mine = pairs.filter((pair) => (pair.needs === undefined) === (machine === undefined));
  const jobs = mine.flatMap((pair) => jobsOf(pair).map((job) => ({ ...job, pair })));
  const work = mkdtempSync(join(tmpdir(), 'netdrift-pairs-'));
  const output =
    jobs.length === 0
      ? work
      : runAll(
          jobs.map(({ script }) => script),
          work,
        );
  const texts = new Map(mine.map((pair) => [pair, {}]));
  jobs.forEach(({ names, pair }, index) => {
    for (const name of names) {
      const [before, after] = [join(output, String(index), `before.${name}`), join(output, String(index), `after.${name}`)];
      if (existsSync(before) && existsSync(after)) texts.get(pair)[name] = { before: linesOf(before), after: linesOf(after) };
      else console.error(`${file} ${pair.kind} ${name}: ${readFileSync(join(output, String(index), 'errors'), 'utf8').trim()}`);
    }
  });
  const results = pairs.map((pair) => {
    const same = ({ kind, before, after, setup }) =>
      kind === pair.kind && before === pair.before && after === pair.after && setup === pair.setup;
    return { ...pair, texts: texts.get(pair) ?? old.find(same)?.texts ?? {} };
  });
  writeFileSync(made, `${JSON.stringify(results, null, 1)}\n`);
  rmSync(work, { recursive: true });
}
