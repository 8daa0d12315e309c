import type { Random } from './random.ts';

/** A save form with one thing changed, and what it was. */
export interface Mutation {
  readonly text: string;
  readonly what: string;
}

type Change = (lines: string[], rules: readonly number[], random: Random) => string | undefined;

const CHANGES: readonly Change[] = [
  function removed(lines, rules, random) {
    const at = random.pick(rules);
    return `removed ${lines.splice(at, 1)[0]}`;
  },
  function doubled(lines, rules, random) {
    const at = random.pick(rules);
    const line = lines[at] as string;
    const near = rules.filter((rule) => chainOf(lines[rule]) === chainOf(line));
    lines.splice(random.below(2) === 0 ? at : random.pick(near), 0, line);
    return `doubled ${line}`;
  },
  function swapped(lines, rules, random) {
    const pairs = rules.filter((rule) => chainOf(lines[rule]) === chainOf(lines[rule + 1]));
    if (pairs.length === 0) return undefined;
    const at = random.pick(pairs);
    [lines[at], lines[at + 1]] = [lines[at + 1] as string, lines[at] as string];
    return `swapped ${lines[at + 1]} with ${lines[at]}`;
  },
  function moved(lines, rules, random) {
    const at = random.pick(rules);
    const near = rules.filter((rule) => chainOf(lines[rule]) === chainOf(lines[at]));
    const line = lines.splice(at, 1)[0] as string;
    lines.splice(random.pick(near), 0, line);
    return `moved ${line}`;
  },
  function anotherVerdict(lines, rules, random) {
    const fitting = rules.filter((rule) => /-j (ACCEPT|DROP|RETURN|REJECT)\b/.test(lines[rule] as string));
    if (fitting.length === 0) return undefined;
    const at = random.pick(fitting);
    const was = lines[at] as string;
    lines[at] = was.replace(/-j (ACCEPT|DROP|RETURN|REJECT( --reject-with \S+)?)/, `-j ${random.pick(['ACCEPT', 'DROP', 'RETURN'])}`);
    return `verdict ${was} -> ${lines[at]}`;
  },
  function anotherPort(lines, rules, random) {
    const fitting = rules.filter((rule) => /--dport \d+|:\d+$|--dports \d+/.test(lines[rule] as string));
    if (fitting.length === 0) return undefined;
    const at = random.pick(fitting);
    const was = lines[at] as string;
    lines[at] = was.replace(
      /(--dports? |:)(\d+)(?=$|[ ,])/,
      (_, option: string, port: string) => `${option}${Math.min(65_535, Number(port) + 1 + random.below(3))}`,
    );
    return `port ${was} -> ${lines[at]}`;
  },
  function anotherAmount(lines, rules, random) {
    const amount =
      /(--(?:limit|limit-burst|seconds|hitcount|connlimit-above|connlimit-upto|hashlimit-upto|ttl-lt|length|quota|uid-owner) )(\d+)/;
    const fitting = rules.filter((rule) => amount.test(lines[rule] as string));
    if (fitting.length === 0) return undefined;
    const at = random.pick(fitting);
    const was = lines[at] as string;
    lines[at] = was.replace(
      amount,
      (_, option: string, value: string) => `${option}${random.pick([Number(value) * 2, Math.ceil(Number(value) / 2)])}`,
    );
    return `amount ${was} -> ${lines[at]}`;
  },
  function anotherAddress(lines, rules, random) {
    const fitting = rules.filter((rule) => /-[sd] [0-9a-f.:]+\/\d+/.test(lines[rule] as string));
    if (fitting.length === 0) return undefined;
    const at = random.pick(fitting);
    const was = lines[at] as string;
    const donor = /-[sd] ([0-9a-f.:]+\/\d+)/.exec(lines[random.pick(fitting)] as string)?.[1] ?? '';
    lines[at] = was.replace(/(-[sd]) [0-9a-f.:]+\/\d+/, (_, option: string) => `${option} ${donor}`);
    return `address ${was} -> ${lines[at]}`;
  },
  function added(lines, rules, random) {
    const at = random.pick(rules);
    const line = lines[at] as string;
    const conditions = random.pick([
      '-p tcp',
      '-p udp -m udp --dport 53',
      '-m mark --mark 0x4000/0x4000',
      '-m addrtype --dst-type LOCAL',
      '-m conntrack --ctstate NEW',
      '',
      '! -i lo -p tcp',
    ]);
    const verdict = random.pick(['-j ACCEPT', '-j DROP', '-j RETURN', '-j MARK --set-xmark 0x4000/0x4000'].slice(0, 4));
    if (/POSTROUTING|OUTPUT/.test(chainOf(line)) && conditions.includes('-i')) return undefined;
    if (verdict.includes('MARK') && !tableAt(lines, at).includes('nat') && !tableAt(lines, at).includes('mangle')) return undefined;
    const made = `-A ${chainOf(line)} ${conditions} ${verdict}`.replaceAll('  ', ' ');
    lines.splice(at, 0, made);
    return `added ${made}`;
  },
  function policy(lines, _rules, random) {
    const fitting = lines.flatMap((line, at) => (/^:\S+ (ACCEPT|DROP)/.test(line) && !tableAt(lines, at).includes('nat') ? [at] : []));
    if (fitting.length === 0) return undefined;
    const at = random.pick(fitting);
    const was = lines[at] as string;
    lines[at] = was.includes('ACCEPT') ? was.replace('ACCEPT', 'DROP') : was.replace('DROP', 'ACCEPT');
    return `policy ${was}`;
  },
];

/** One change, made at random. */
export function mutate(text: string, random: Random): Mutation | undefined {
  const lines = text.split('\n');
  const rules = lines.flatMap((line, at) => (line.startsWith('-A ') || /^\[\d+:\d+\] -A /.test(line) ? [at] : []));
  if (rules.length === 0) return undefined;
  const what = random.pick(CHANGES)(lines, rules, random);
  return what === undefined ? undefined : { text: lines.join('\n'), what };
}

function chainOf(line: string | undefined): string {
  return /-A (\S+)/.exec(line ?? '')?.[1] ?? '';
}

function tableAt(lines: readonly string[], at: number): string {
  return lines.slice(0, at).findLast((line) => line.startsWith('*')) ?? '';
}
