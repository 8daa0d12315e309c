import type { LogLine } from './log-line.ts';
import type { LogFact } from './log-statement.ts';

type Failure = Extract<LogFact, { kind: 'failure' }>;

/** Sentences by which kube-proxy says that something it tried did not work, and what that is. Read in pkg/proxy of 1.8 to 1.34. */
const SENTENCES: readonly (readonly [sentence: RegExp, what: Failure['what'], command?: string])[] = [
  [/^Failed to execute (ip6?tables-restore)\b/, 'restore'],
  [/^(?:nftables sync failed|Failed to (?:run|execute) nft)/, 'restore', 'nft'],
  [/^Sync failed\b/, 'sync'],
  [/^(?:Failed to (?:ensure|execute)|Error (?:ensuring|executing)|Unable to ensure).*\b(?:chains?|rules?|jumps?)\b/i, 'sync'],
  [/^Failed to (?:sync|make sure|get|list|create|delete|add|clean up|destroy|flush).*\bip ?sets?\b|^(?:Failed|Error).*\bipset\b/i, 'ipset'],
  [
    /^(?:Failed|Error).*(?:\bIPVS\b|virtual server|real server|\bendpoint(?:s|slice)?\b.*(?:sync|service)|sync (?:endpoint|service))/i,
    'ipvs',
  ],
  [/^(?:Failed|Error|Stale).*(?:conntrack|stale|connections)/i, 'cleanup'],
  [/\bFailed to (?:watch|list) \*?\S*(?:Service|EndpointSlice|Endpoints|Node)\b/i, 'other'],
  [/^(?:Error (?:removing|flushing|cleaning|deleting)|Encountered error|Failed to (?:remove|clean))/i, 'cleanup'],
];

/** Sentences at the level of an error that say of a setting what it does, or that kube-proxy may well be without. */
const HARMLESS =
  /^(?:--nodeport-addresses includes localhost|The (?:ipvs|userspace|iptables) proxier is now deprecated|WARNING: all flags)/;

/**
 * What a message says that did not work: that of a sentence which is known, or of any at the level of an error that a source file of
 * kube-proxy wrote (`own`).
 */
export function failureIn(line: LogLine, own: boolean): readonly LogFact[] {
  const found = SENTENCES.find(([sentence]) => sentence.test(line.message));
  if (found === undefined && (!own || (line.level !== 'E' && line.level !== 'F') || HARMLESS.test(line.message))) return [];
  const [sentence, what, named] = found ?? [/^/, 'other' as const];
  // Without a value `err` other sentences hold their reason themselves.
  const reason = what === 'restore' || line.values.has('err') ? reasonOf(line, sentence) : '';
  const command = what === 'restore' ? (/\bip6tables-restore\b/.exec(reason)?.[0] ?? named ?? sentence.exec(line.message)?.[1]) : undefined;
  const rejected = what === 'restore' ? rejectedIn(line, reason) : undefined;
  const retry = /\bretry(?:ing)? in (\S+)/.exec(line.message)?.[1] ?? line.values.get('retryingTime');
  return [
    {
      kind: 'failure',
      what,
      ...(command === undefined ? {} : { command }),
      text: firstLine(line.message),
      ...(reason === '' ? {} : { reason }),
      ...(rejected === undefined ? {} : { rejected }),
      ...(retry === undefined ? {} : { retryIn: retry }),
      ...(line.time === undefined ? {} : { time: line.time }),
    },
  ];
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] as string).trim();
}

/** `exit status 1 (iptables-restore: line 51 failed)`: the value `err`, or what stands behind the sentence. */
function reasonOf({ message, values }: LogLine, sentence: RegExp): string {
  const told = values.get('err') ?? message.slice(sentence.exec(message)?.[0].length ?? 0).replace(/^\s*:\s*/, '');
  const [rules] = told.split(/\n\s*(?:Rules|failed payload):\n?/, 1) as [string];
  return rules
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^Try `|--help' for more/.test(part))
    .join(' ')
    .replace(/ \)$/, ')')
    .slice(0, 300);
}

/** The line that was refused: its number, and its text where the message has the rules. */
function rejectedIn(line: LogLine, reason: string): { readonly number: number; readonly text?: string } | undefined {
  const ofNft = rejectedByNft(line.values.get('err') ?? '');
  if (ofNft !== undefined) return ofNft;
  const number = Number(
    /\bline:? (\d{1,9})(?: failed)?|\bat line: (\d{1,9})/
      .exec(reason)
      ?.slice(1)
      .find((group) => group !== undefined),
  );
  if (!Number.isInteger(number) || number < 1) return undefined;
  const text = listedRule(line.values.get('rules') ?? '', number) ?? loggedRule(line.message, number);
  return { number, ...(text === undefined ? {} : { text }) };
}

/** `/dev/stdin:7:27-40: Error: Could not process rule: …`, and below the rule, of which these columns are meant. */
function rejectedByNft(told: string): { readonly number: number; readonly text?: string } | undefined {
  const lines = told.split('\n').map((one) => one.trim());
  const at = lines.findIndex((one) => /^\S*:\d+:\d+-\d+: Error: /.test(one));
  const [, number, first, last] = /:(\d+):(\d+)-(\d+): Error: /.exec(lines[at] ?? '') ?? [];
  if (number === undefined) return undefined;
  const text = lines[at + 1]?.slice(Number(first) - 1, Number(last)).trim();
  return { number: Number(number), ...(text === undefined || text === '' ? {} : { text }) };
}

/** `rules=[{"LineNumber":3,"Line":"-A …"}]` of 1.28 and later. */
function listedRule(rules: string, number: number): string | undefined {
  try {
    const list: unknown = JSON.parse(rules);
    if (!Array.isArray(list)) return undefined;
    const found = (list as readonly unknown[]).find(
      (entry) => typeof entry === 'object' && entry !== null && 'LineNumber' in entry && entry.LineNumber === number,
    );
    return typeof found === 'object' && found !== null && 'Line' in found && typeof found.Line === 'string' ? found.Line : undefined;
  } catch {
    return undefined;
  }
}

/** The rules below `Rules:`, one a line, of versions before. */
function loggedRule(message: string, number: number): string | undefined {
  const start = message.indexOf('\nRules:\n');
  if (start < 0) return undefined;
  const rules = message.slice(start + '\nRules:\n'.length).split('\n');
  const text = rules[number - 1]?.trim();
  return text === '' ? undefined : text;
}
