import { tokenSet, type TokenCode } from '@netdrift/core';

/** The token types of every line of nft. */
export const tokens = tokenSet();

/** Any word. */
export const word = tokens.add('Word');
/** A word that may stand as a value: `tcp`, `10.0.0.1`, `dnat`. What starts an expression may not. */
export const valueWord = tokens.add('ValueWord', word);
/** What starts no statement. */
export const stray = tokens.add('Stray');
/** A word without a meaning of its own where it stands. */
export const plain = tokens.add('Plain', valueWord, stray);
/** A word that begins a statement of which the rest is not known: never a value. */
export const unread = tokens.add('Unread', stray);
/** What may begin an expression and nothing else. */
const expressionWord = tokens.add('ExpressionWord', word);
/** `"eth0"` */
export const quoted = tokens.add('Quoted', stray);
/** `{ 22, 80 }` with everything in it. */
export const braced = tokens.add('Braced', stray);
/** `@service-ips` */
export const reference = tokens.add('Reference', stray);
/** `@th,16,16` */
export const rawPayload = tokens.add('RawPayload');
/** Nothing: there is one blank more here than nft puts between statements. */
export const hidden = tokens.add('Hidden');
/** `# handle 12` */
export const handle = tokens.add('Handle');
/** `# progname firewalld`, `# handle 3 progname firewalld` */
export const owner = tokens.add('Owner');
/** `# count 2` */
export const countNote = tokens.add('CountNote');
/** The name of a table, chain, set or object. */
export const name = tokens.add('Name', stray);

/** What stands before a line, without text: where it stands. */
export const inHead = tokens.add('InHead');
export const inTable = tokens.add('InTable');
export const inChain = tokens.add('InChain');
export const inSet = tokens.add('InSet');
export const inObject = tokens.add('InObject');
export const inElement = tokens.add('InElement');
export const inUpdate = tokens.add('InUpdate');

/** Signs, each a token of its own. */
export const signs = {
  '.': tokens.add('Dot', stray),
  ':': tokens.add('Colon', stray),
  '/': tokens.add('Slash', stray),
  '-': tokens.add('Minus', stray),
  '+': tokens.add('Plus', stray),
  '=': tokens.add('Equals', stray),
  '==': tokens.add('Equal', stray),
  '!=': tokens.add('NotEqual', stray),
  '!': tokens.add('Bang', stray),
  '<': tokens.add('Less', stray),
  '>': tokens.add('Greater', stray),
  '<=': tokens.add('LessOrEqual', stray),
  '>=': tokens.add('GreaterOrEqual', stray),
  '&': tokens.add('And', stray),
  '|': tokens.add('Or', stray),
  '^': tokens.add('Xor', stray),
  '<<': tokens.add('ShiftLeft', stray),
  '>>': tokens.add('ShiftRight', stray),
  '(': tokens.add('OpenParenthesis', stray),
  ')': tokens.add('CloseParenthesis', stray),
  '*': tokens.add('Star', stray),
} as const;

const keywords = new Map<string, TokenCode>();

function keyword(text: string, ...categories: readonly TokenCode[]): TokenCode {
  const code = tokens.add(`'${text}'`, ...categories);
  keywords.set(text, code);
  return code;
}

/** A word that starts a statement; where a value is asked for it is one: `ct status dnat`. */
const statement = (text: string): TokenCode => keyword(text, valueWord);
/** A word that belongs to a statement or an expression that has begun. */
const option = (text: string): TokenCode => keyword(text, valueWord, stray);
/** A word that starts an expression. */
const expression = (text: string): TokenCode => keyword(text, expressionWord);

/** Verdicts are never values: an element of a map may have either. */
const verdict = (text: string): TokenCode => keyword(text, word);
export const verdicts = {
  accept: verdict('accept'),
  drop: verdict('drop'),
  return: verdict('return'),
  continue: verdict('continue'),
} as const;
export const jump = verdict('jump');
export const goTo = verdict('goto');
export const counter = statement('counter');
export const quota = statement('quota');
export const limit = statement('limit');
export const last = statement('last');
export const log = statement('log');
export const reject = statement('reject');
export const queue = statement('queue');
export const natTypes = {
  dnat: statement('dnat'),
  snat: statement('snat'),
  masquerade: statement('masquerade'),
  redirect: statement('redirect'),
} as const;
export const tproxy = statement('tproxy');
export const dup = statement('dup');
export const fwd = statement('fwd');
export const synproxy = statement('synproxy');
export const notrack = statement('notrack');
export const flow = statement('flow');
export const xt = statement('xt');
export const updates = { add: statement('add'), update: statement('update'), delete: statement('delete') } as const;

/** Words that neither start a statement nor are a value: they go on with an expression. */
export const vmap = keyword('vmap', word, stray);
export const map = keyword('map', word, stray);
export const set = keyword('set', word, stray);

export const packets = option('packets');
export const bytes = option('bytes');
export const nameWord = option('name');
export const over = option('over');
export const until = option('until');
export const used = option('used');
export const rate = option('rate');
export const burst = option('burst');
export const prefix = option('prefix');
export const level = option('level');
export const group = option('group');
export const snaplen = option('snaplen');
export const queueThreshold = option('queue-threshold');
export const flags = option('flags');
export const withWord = option('with');
export const typeWord = option('type');
export const to = option('to');
export const addr = option('addr');
export const port = option('port');
export const device = option('device');
export const num = option('num');
export const mss = option('mss');
export const wscale = option('wscale');
export const offset = option('offset');
export const mod = option('mod');
export const seed = option('seed');
export const spnum = option('spnum');
export const timeout = option('timeout');
export const expires = option('expires');
/** Ends the statements of a rule. */
export const comment = keyword('comment', valueWord);
/** `random`, `fully-random,persistent`: also several, joined by commas. */
export const natFlag = tokens.add('NatFlag', valueWord, stray);
/** `mbytes` */
export const byteUnit = tokens.add('ByteUnit', valueWord, stray);
/** `mbytes/second` */
export const byteRate = tokens.add('ByteRate', valueWord, stray);
/** `timestamp`, `sack-perm` */
export const synproxyFlag = tokens.add('SynproxyFlag', valueWord, stray);
/** `original`, `reply` */
export const direction = tokens.add('Direction', valueWord, stray);

export const meta = expression('meta');
/** `iifname`, `mark`: a key of `meta` that stands without it. */
export const metaKey = tokens.add('MetaKey', expressionWord);
export const ct = expression('ct');
/** The `ct` of `ct count over 20`, which is a statement. */
export const ctOfCount = tokens.add('CtOfCount', word);
export const ctCount = tokens.add('CtCount', word, stray);
export const ip = expression('ip');
export const ip6 = expression('ip6');
export const tcp = expression('tcp');
/** Another header whose fields can be asked for: `th`, `udp`, `icmp`. */
export const header = tokens.add('Header', expressionWord);
/** An extension header of IPv6: `frag`, `hbh`. */
export const extension = tokens.add('Extension', expressionWord);
export const exthdr = expression('exthdr');
export const arp = expression('arp');
export const optionWord = tokens.add('OptionWord', stray);
/** A field of an option of TCP or IP: `size`, `value`. */
export const optionField = tokens.add('OptionField', valueWord, stray);
export const fib = expression('fib');
export const numgen = expression('numgen');
export const jhash = expression('jhash');
export const symhash = expression('symhash');
export const rt = expression('rt');
export const socket = expression('socket');
export const osf = expression('osf');
export const ipsec = expression('ipsec');

const META_KEYS = [
  'iif',
  'iifname',
  'iiftype',
  'iifgroup',
  'oif',
  'oifname',
  'oiftype',
  'oifgroup',
  'mark',
  'skuid',
  'skgid',
  'nftrace',
  'rtclassid',
  'ibriport',
  'obriport',
  'ibrname',
  'obrname',
  'pkttype',
  'cpu',
  'cgroup',
];
const HEADERS = ['th', 'udp', 'udplite', 'sctp', 'dccp', 'icmp', 'icmpv6', 'igmp', 'esp', 'ah', 'comp', 'ether', 'vlan', 'gre'];
const OPTION_FIELDS = ['size', 'value', 'count', 'left', 'right', 'tsval', 'tsecr', 'kind', 'length', 'ptr', 'subtype'];
const TIMES = ['second', 'minute', 'hour', 'day', 'week'];
const UNITS = ['bytes', 'kbytes', 'mbytes'];

/** The words of rules. */
export const ruleWords: readonly (readonly [string, TokenCode])[] = [
  ...keywords,
  ...META_KEYS.map((text) => [text, metaKey] as const),
  ...HEADERS.map((text) => [text, header] as const),
  ...['frag', 'hbh', 'dst', 'mh', 'srh'].map((text) => [text, extension] as const),
  ...UNITS.slice(1).map((text) => [text, byteUnit] as const),
  ...UNITS.flatMap((unit) => TIMES.map((time) => [`${unit}/${time}`, byteRate] as const)),
  ...['random', 'fully-random', 'persistent'].map((text) => [text, natFlag] as const),
  ...['timestamp', 'sack-perm'].map((text) => [text, synproxyFlag] as const),
  ...['original', 'reply'].map((text) => [text, direction] as const),
  ...OPTION_FIELDS.map((text) => [text, optionField] as const),
  ['option', optionWord],
  ['and', signs['&']],
  ['or', signs['|']],
  ['xor', signs['^']],
  ['lshift', signs['<<']],
  ['rshift', signs['>>']],
];

/** The words that mean something in an element: what has to do with expressions is a value there. */
export const elementWords: readonly (readonly [string, TokenCode])[] = [
  ...Object.entries(verdicts),
  ['jump', jump],
  ['goto', goTo],
  ['timeout', timeout],
  ['expires', expires],
  ['comment', comment],
  ['counter', counter],
  ['packets', packets],
  ['bytes', bytes],
  ['limit', limit],
  ['rate', rate],
  ['over', over],
  ['burst', burst],
  ['quota', quota],
  ['until', until],
  ['used', used],
  ['last', last],
  ...UNITS.slice(1).map((text) => [text, byteUnit] as const),
  ...UNITS.flatMap((unit) => TIMES.map((time) => [`${unit}/${time}`, byteRate] as const)),
];

/** Words of the blocks: what a block is of, and its settings. */
export const verb = tokens.add('Verb');
export const family = tokens.add('Family');
export const table = tokens.add('TableWord');
export const chain = tokens.add('ChainWord');
export const rule = tokens.add('RuleWord');
export const setWord = tokens.add('SetWord');
export const mapWord = tokens.add('MapWord');
export const element = tokens.add('ElementWord');
export const ruleset = tokens.add('RulesetWord');
export const flowtable = tokens.add('FlowtableWord');
/** `counter`, `ct helper`: the type of an object, one word or two. */
export const objectType = tokens.add('ObjectType');

/** Settings of chains, sets and tables, each a word that begins a line. */
export const chainType = tokens.add('ChainType');
export const hook = tokens.add('HookWord');
export const priority = tokens.add('PriorityWord');
export const policy = tokens.add('PolicyWord');
export const devices = tokens.add('DevicesWord');
export const chainFlags = tokens.add('FlagsWord');
export const chainComment = tokens.add('CommentLine');
export const setType = tokens.add('SetType');
export const setTypeof = tokens.add('SetTypeof');
export const size = tokens.add('SizeWord');
export const timeoutLine = tokens.add('TimeoutLine');
export const gcInterval = tokens.add('GcInterval');
export const autoMerge = tokens.add('AutoMerge');
export const elements = tokens.add('ElementsWord');
/** All of a line of an object behind its first word, and what a command says that is not read. */
export const rest = tokens.add('Rest');

/** The words that a line of a chain may begin with and that start no rule. */
export const chainLines: readonly (readonly [string, TokenCode])[] = [
  ['type', chainType],
  ['policy', policy],
  ['flags', chainFlags],
  ['comment', chainComment],
  ['hook', hook],
  ['devices', devices],
];

/** The words behind the first of such a line. */
export const settingWords: readonly (readonly [string, TokenCode])[] = [
  ['hook', hook],
  ['priority', priority],
  ['device', device],
  ['devices', devices],
];

/** The words that a line of a set begins with. */
export const setLines: readonly (readonly [string, TokenCode])[] = [
  ['type', setType],
  ['typeof', setTypeof],
  ['policy', policy],
  ['size', size],
  ['flags', chainFlags],
  ['timeout', timeoutLine],
  ['gc-interval', gcInterval],
  ['auto-merge', autoMerge],
  ['comment', chainComment],
  ['elements', elements],
  ['counter', counter],
  ['limit', limit],
  ['quota', quota],
  ['last', last],
];

/** The commands of `nft -f` that change tables. */
export const commandVerbs = ['add', 'create', 'insert', 'replace', 'delete', 'destroy', 'flush'];
export const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/** What a block or command can be about. */
export const subjects: readonly (readonly [string, TokenCode])[] = [
  ['table', table],
  ['chain', chain],
  ['rule', rule],
  ['set', setWord],
  ['map', mapWord],
  ['meter', setWord],
  ['element', element],
  ['ruleset', ruleset],
  ['flowtable', flowtable],
  ...['counter', 'quota', 'limit', 'synproxy', 'secmark', 'tunnel'].map((text) => [text, objectType] as const),
];
/** The second word of a type of object of two words. */
export const ctObjects = ['helper', 'timeout', 'expectation'];
