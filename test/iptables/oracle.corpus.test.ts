import { isDeepStrictEqual } from 'node:util';
import { parseIptables, printIptables, type Match, type Rule } from '@netdrift/iptables';
import { expect, it } from 'vitest';
import { describeCorpus } from '../support/corpus.ts';
import { withoutSpans } from './corpus-files.ts';
import { extensionLines, HEADERS, type ExtensionLine, type ListingKind } from './extension-lines.ts';

/** One of the tool's own faults, or something one form does not show: how it is recognised, and how the save's rule then looks. */
interface Exception {
  readonly reason: string;
  readonly applies: (line: ExtensionLine, text: string) => boolean;
  /** The listing's and the save's rule, made alike where the exception is all that sets them apart. */
  readonly settle: (listed: Rule, saved: Rule) => readonly [listed: Rule, saved: Rule];
}

const withMatches = (rule: Rule, change: (match: Match) => Match | undefined): Rule => ({
  ...rule,
  matches: rule.matches.map(change).filter((match) => match !== undefined),
});

const without = (match: Match, ...keys: readonly string[]): Match =>
  Object.fromEntries(Object.entries(match).filter(([key]) => !keys.includes(key))) as unknown as Match;

const dropKeys =
  (kind: Match['kind'], ...keys: readonly string[]) =>
  (listed: Rule, saved: Rule): readonly [Rule, Rule] => {
    const drop = (rule: Rule): Rule => withMatches(rule, (match) => (match.kind === kind ? without(match, ...keys) : match));
    return [drop(listed), drop(saved)];
  };

const EXCEPTIONS: readonly Exception[] = [
  {
    reason: 'a listing does not print the name of a hashlimit table',
    applies: ({ save }) => save.includes('--hashlimit-name'),
    settle: dropKeys('HashlimitMatch', 'name'),
  },
  {
    reason: 'a listing does not print the sign of a quota',
    applies: ({ save }) => save.includes('-m quota'),
    settle: dropKeys('QuotaMatch', 'not'),
  },
  {
    reason: '1.4.21 prints no blank before the sign of a quota in a save form, which iptables-restore cannot read either',
    applies: ({ save }) => save.includes('-m quota!'),
    settle: (listed, saved) => [
      withMatches(listed, (match) => (match.kind === 'QuotaMatch' ? undefined : match)),
      withMatches(saved, (match) => (match.kind === 'UnknownMatch' && match.text.startsWith('-m quota!') ? undefined : match)),
    ],
  },
  {
    reason: 'a listing prints nothing for the full range of dccp ports',
    applies: ({ save }) => /-m dccp .*--[sd]port 0:65535/.test(save),
    settle: dropKeys('DccpMatch', 'sourcePorts', 'destinationPorts'),
  },
  {
    reason: 'a save form prints nothing for a negated full range, which a listing prints',
    applies: (_line, text) => /s:!0:(?:65535|4294967295)\b|mh !0:255\b/.test(text),
    settle: (listed, saved) => [withMatches(listed, withoutFullRanges), withMatches(saved, withoutFullRanges)],
  },
  {
    reason: 'the save form of ICMP type 255 is "any", whatever its code',
    applies: ({ save }) => save.includes('--icmp-type any'),
    settle: dropKeys('IcmpMatch', 'code'),
  },
  {
    reason: 'a listing divides a hashlimit rate by its interval',
    applies: ({ save }) => save.includes('--hashlimit-rate-interval'),
    settle: dropKeys('HashlimitMatch', 'rate'),
  },
  {
    reason: 'the nft variant lists nothing for eui64',
    applies: ({ run, save }) => run.includes('-nft-') && save.includes('-m eui64'),
    settle: (listed, saved) => [listed, withMatches(saved, (match) => (match.kind === 'Eui64Match' ? undefined : match))],
  },
  {
    reason: 'a save form drops the interface "+", which the legacy variant lists',
    applies: ({ run }, text) => run.includes('-legacy-') && /^\S* *\S* *\S* +.*[ !]\+ /.test(text),
    settle: (listed, saved) => [anyForPlus(listed), saved],
  },
  {
    reason: 'conntrack matches print no word of their own, so two that stand side by side may be one',
    applies: ({ save }) => (save.match(/-m conntrack/g)?.length ?? 0) > 1,
    settle: (listed, saved) => [joinConntrack(listed), joinConntrack(saved)],
  },
  {
    reason: '1.4.21 prints no blank before the options of DNPT and SNPT',
    applies: ({ save }) => /-j [DS]NPT--src-pfx/.test(save),
    settle: (listed, saved) => [
      { ...listed, matches: [] },
      { ...saved, ...(listed.target === undefined ? {} : { target: listed.target }) },
    ],
  },
];

function withoutFullRanges(match: Match): Match {
  const isFull = (held: unknown): boolean =>
    typeof held === 'object' && held !== null && 'not' in held && held.not === true && 'low' in held && held.low === 0 && 'high' in held;
  return without(
    match,
    ...Object.entries(match)
      .filter(([, held]) => isFull(held))
      .map(([key]) => key),
  );
}

function anyForPlus(rule: Rule): Rule {
  const any = (held: Rule['in']): Rule['in'] => (held?.name === '+' ? { not: false, name: '*' } : held);
  const [inside, outside] = [any(rule.in), any(rule.out)];
  return { ...rule, ...(inside === undefined ? {} : { in: inside }), ...(outside === undefined ? {} : { out: outside }) };
}

function joinConntrack(rule: Rule): Rule {
  const matches: Match[] = [];
  for (const match of rule.matches) {
    const last = matches.at(-1);
    if (match.kind === 'ConntrackMatch' && last?.kind === 'ConntrackMatch') matches[matches.length - 1] = { ...last, ...match };
    else matches.push(match);
  }
  return { ...rule, matches };
}

function ruleOf(text: string, family?: 'ipv4' | 'ipv6'): Rule | undefined {
  const { value } = parseIptables(text, family === undefined ? {} : { family });
  return value.kind === 'ToolError' ? undefined : value.tables[0]?.chains[0]?.rules[0];
}

/** What both forms show: no counters and numbers, and interfaces only where the listing has them. */
function shown(rule: Rule, kind: ListingKind): Rule {
  const { counters, num, in: inside, out: outside, ...rest } = withoutSpans(rule);
  void counters;
  void num;
  if (kind === 'list' || inside === undefined || outside === undefined) return rest as Rule;
  return { ...rest, in: { not: inside.not, name: inside.name }, out: { not: outside.not, name: outside.name } } as Rule;
}

describeCorpus('iptables/extensions', 'every extension as real tools print it', () => {
  it('gives the same tree from a listing and from a save form, in every field both show', () => {
    const differing: string[] = [];
    const used = new Map<string, number>();
    let compared = 0;
    let equal = 0;
    for (const line of extensionLines()) {
      const saved = ruleOf(`${line.save}\n`, line.family);
      for (const kind of ['list', 'listVerbose', 'listExact'] as const) {
        const text = line[kind];
        if (text === undefined) continue;
        compared += 1;
        const listed = ruleOf(`${HEADERS[kind]}${text}\n`);
        if (listed === undefined || saved === undefined) {
          differing.push(`${line.run}: not read: ${text}`);
          continue;
        }
        let pair: readonly [Rule, Rule] = [shown(listed, kind), shown(saved, kind)];
        if (isDeepStrictEqual(...pair)) {
          equal += 1;
          continue;
        }
        for (const { reason, applies, settle } of EXCEPTIONS) {
          if (!applies(line, text)) continue;
          used.set(reason, (used.get(reason) ?? 0) + 1);
          pair = settle(...pair);
        }
        if (!isDeepStrictEqual(...pair)) differing.push(`${line.run}: ${line.save}  =>  ${text}`);
      }
    }
    console.log(`listing tree equals save tree: ${equal} of ${compared} lines; the others by these exceptions:`);
    for (const [reason, count] of used) console.log(`  ${count} ${reason}`);
    expect(differing).toEqual([]);
    expect([...used.keys()].sort()).toEqual(EXCEPTIONS.map(({ reason }) => reason).sort());
  }, 240_000);

  it('prints every line to the same bytes from a copy of the tree without spans', () => {
    const differing: string[] = [];
    let printed = 0;
    for (const line of extensionLines()) {
      const texts = [
        `${line.save}\n`,
        ...(['list', 'listVerbose', 'listExact'] as const).flatMap((kind) =>
          line[kind] === undefined ? [] : [`${HEADERS[kind]}${line[kind]}\n`],
        ),
      ];
      for (const text of texts) {
        printed += 1;
        if (printIptables(withoutSpans(parseIptables(text, { family: line.family }).value)) !== text)
          differing.push(`${line.run}: ${text}`);
      }
    }
    console.log(`printed to the same bytes: ${printed - differing.length} of ${printed} lines of extensions`);
    expect(differing).toEqual([]);
  }, 240_000);
});
