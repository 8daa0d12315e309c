import type { Span } from '@netdrift/core';
import type { ObjectSetting, TableFamily } from '../ast/ruleset.ts';
import type { SetLine } from '../lines/line-nodes.ts';
import { setFlags } from '../lines/set-lines.ts';
import { newChain, newObject, newSet, type SetDraft, type TableDraft } from '../read/drafts.ts';
import { durationOf } from './elements.ts';
import { isList, isObject, type JsonObject, type JsonValue, member, numberOf, present, textOf, textsOf } from './json-value.ts';
import { reader } from './reader.ts';

const FAMILIES = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;

export function familyOfJson(object: JsonObject): TableFamily | undefined {
  const family = textOf(object, 'family');
  return FAMILIES.find((one) => one === family);
}

/** Takes one object of the list into its table; `false` where its kind or content is not known. */
export function readJsonObject(table: TableDraft, kind: string, content: JsonObject, span: Span): boolean {
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (read !== undefined) return read(table, content, span);
  return Object.hasOwn(OBJECTS, kind) ? readNamedObject(table, kind, content, span) : false;
}

type Reader = (table: TableDraft, content: JsonObject, span: Span) => boolean;

const READERS: Readonly<Record<string, Reader>> = {
  table: (table, content) => {
    const comment = textOf(content, 'comment');
    const flags = textsOf(content, 'flags');
    if (comment !== undefined) table.comment = comment;
    if (flags !== undefined && flags.length > 0) table.flags = flags;
    // JSON of `list tables` looks like that of a table without chains.
    return true;
  },
  chain: readChain,
  rule: (table, content, span) => {
    const name = textOf(content, 'chain');
    const expr = member(content, 'expr');
    if (name === undefined || !isList(expr)) return false;
    const chain = table.chains.get(name) ?? newChain(name, span);
    table.chains.set(name, chain);
    chain.rules.push({
      kind: 'Rule',
      statements: expr.map((one) => reader.statement(one)),
      ...present('comment', textOf(content, 'comment')),
      ...present('handle', numberOf(content, 'handle')),
      span,
    });
    return true;
  },
  set: (table, content, span) => readSet(table, 'Set', content, span),
  map: (table, content, span) => readSet(table, 'Map', content, span),
  meter: (table, content, span) => readSet(table, 'Set', content, span),
  element: (table, content) => {
    const set = table.sets.get(textOf(content, 'name') ?? '');
    const elem = member(content, 'elem');
    if (set === undefined || !isList(elem)) return false;
    set.elements = [...(set.elements ?? []), ...elem.map((one) => reader.element(one))];
    return true;
  },
  flowtable: readFlowtable,
};

function readChain(table: TableDraft, content: JsonObject, span: Span): boolean {
  const name = textOf(content, 'name');
  if (name === undefined) return false;
  const chain = table.chains.get(name) ?? newChain(name, span);
  table.chains.set(name, chain);
  const handle = numberOf(content, 'handle');
  const comment = textOf(content, 'comment');
  const policy = textOf(content, 'policy');
  const type = textOf(content, 'type');
  const hook = textOf(content, 'hook');
  const value = numberOf(content, 'prio');
  if (handle !== undefined) chain.handle = handle;
  if (comment !== undefined) chain.comment = comment;
  if (policy === 'accept' || policy === 'drop') chain.policy = policy;
  if (type !== undefined && hook !== undefined && value !== undefined) {
    chain.hook = { type, hook, ...present('devices', textsOf(content, 'dev')), priority: { value } };
  }
  return true;
}

function readSet(table: TableDraft, kind: 'Set' | 'Map', content: JsonObject, span: Span): boolean {
  const name = textOf(content, 'name');
  if (name === undefined) return false;
  const set: SetDraft = newSet(kind, name, span);
  table.sets.set(name, set);
  const handle = numberOf(content, 'handle');
  if (handle !== undefined) set.handle = handle;
  const type = member(content, 'type');
  const typeofKey = isObject(type) ? member(type, 'typeof') : undefined;
  const stmt = member(content, 'stmt');
  const head: Omit<SetLine, 'kind' | 'elements'> = {
    ...(typeofKey === undefined ? present('type', typesOf(type)) : { typeof: reader.expression(typeofKey) }),
    ...dataOf(member(content, 'map')),
    ...present('policy', textOf(content, 'policy')),
    ...present('size', numberOf(content, 'size')),
    ...present('flags', setFlags(textsOf(content, 'flags') ?? [])),
    ...(isList(stmt) ? { statements: stmt.map((one) => reader.statement(one)) } : {}),
    ...(member(content, 'auto-merge') === true ? { autoMerge: true } : {}),
    ...present('timeout', durationOf(content, 'timeout')),
    ...present('gcInterval', durationOf(content, 'gc-interval')),
    ...present('comment', textOf(content, 'comment')),
  };
  const { flags, ...others } = head;
  set.head = flags === undefined || Object.keys(flags).length === 0 ? others : head;
  const elem = member(content, 'elem');
  if (isList(elem)) set.elements = elem.map((one) => reader.element(one));
  return true;
}

/** `"ipv4_addr"`, `["ipv4_addr", "inet_service"]`, `"ipv4_addr . inet_service"` */
function typesOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(' . ');
  return isList(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

function dataOf(value: JsonValue | undefined): Pick<SetLine, 'dataType' | 'dataTypeof'> {
  const typeofData = isObject(value) ? member(value, 'typeof') : undefined;
  if (typeofData !== undefined) return { dataTypeof: reader.expression(typeofData) };
  return present('dataType', typesOf(value));
}

function readFlowtable(table: TableDraft, content: JsonObject, span: Span): boolean {
  const name = textOf(content, 'name');
  if (name === undefined) return false;
  const flowtable = newObject('flowtable', name, span);
  table.flowtables.set(name, flowtable);
  const handle = numberOf(content, 'handle');
  if (handle !== undefined) flowtable.handle = handle;
  const add = (setting: string, value: string | undefined): void =>
    void (value === undefined ? undefined : flowtable.settings.push({ name: setting, value }));
  add('hook', textOf(content, 'hook'));
  add('priority', numberOf(content, 'prio')?.toString());
  add('devices', textsOf(content, 'dev')?.join(','));
  add('flags', textsOf(content, 'flags')?.join(','));
  return true;
}

/** What JSON says of an object, as the lines of a listing say it. */
const OBJECTS: Readonly<Record<string, (content: JsonObject) => readonly (ObjectSetting | undefined)[]>> = {
  counter: (content) => [line('packets', `${numberOf(content, 'packets') ?? 0} bytes ${numberOf(content, 'bytes') ?? 0}`)],
  quota: (content) => {
    const used = numberOf(content, 'used') ?? 0;
    const amount = withUnit(numberOf(content, 'bytes') ?? 0);
    const shown = used === 0 ? '' : ` used ${withUnit(used)}`;
    if (member(content, 'inv') === true) return [line('over', `${amount}${shown}`)];
    const [count = '', unit = ''] = amount.split(' ');
    return [line(count, `${unit}${shown}`)];
  },
  limit: (content) => [
    line(
      'rate',
      `${member(content, 'inv') === true ? 'over ' : ''}${numberOf(content, 'rate') ?? 0}${unitOf(content)}/${textOf(content, 'per') ?? ''}${burstOf(content)}`,
    ),
  ],
  'ct helper': (content) => [
    line('type', `"${textOf(content, 'type') ?? ''}" protocol ${textOf(content, 'protocol') ?? ''}`),
    text(content, 'l3proto'),
  ],
  'ct timeout': (content) => {
    const policy = member(content, 'policy');
    const entries = isObject(policy) ? Object.entries(policy).map(([state, seconds]) => `${state} : ${String(seconds)}`) : [];
    return [text(content, 'protocol'), text(content, 'l3proto'), line('policy', `= { ${entries.join(', ')} }`)];
  },
  'ct expectation': (content) => [
    text(content, 'protocol'),
    figure(content, 'dport'),
    line('timeout', printSeconds(Math.floor((numberOf(content, 'timeout') ?? 0) / 1000))),
    figure(content, 'size'),
    text(content, 'l3proto'),
  ],
  synproxy: (content) => {
    const [flag, ...more] = textsOf(content, 'flags') ?? [];
    return [
      figure(content, 'mss'),
      figure(content, 'wscale'),
      flag === undefined ? undefined : { name: flag, ...(more.length === 0 ? {} : { value: more.join(' ') }) },
    ];
  },
  secmark: (content) => [{ name: `"${textOf(content, 'context') ?? ''}"` }],
};

/** datatype.c, `time_print` */
function printSeconds(seconds: number): string {
  const parts = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ] as const;
  let left = seconds;
  const text = parts.flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return text.length === 0 ? '0s' : text.join('');
}

const line = (name: string, value: string): ObjectSetting => ({ name, value });

function text(content: JsonObject, key: string): ObjectSetting | undefined {
  const value = textOf(content, key);
  return value === undefined ? undefined : { name: key, value };
}

function figure(content: JsonObject, key: string): ObjectSetting | undefined {
  const value = numberOf(content, key);
  return value === undefined ? undefined : { name: key, value: value.toString() };
}

function unitOf(content: JsonObject): string {
  const unit = textOf(content, 'rate_unit');
  return unit === undefined || unit === 'packets' ? '' : ` ${unit}`;
}

/** A burst of 5 packets, the default, is not listed: rule.c, `obj_print_data`. */
function burstOf(content: JsonObject): string {
  const burst = numberOf(content, 'burst') ?? 0;
  const unit = textOf(content, 'burst_unit') ?? 'packets';
  return burst === 0 || (burst === 5 && unit === 'packets') ? '' : ` burst ${burst} ${unit}`;
}

/** The largest unit that leaves a whole number: statement.c, `get_rate`. */
function withUnit(bytes: number): string {
  for (const [unit, size] of [
    ['mbytes', 1_048_576],
    ['kbytes', 1024],
  ] as const) {
    if (bytes > 0 && bytes % size === 0) return `${bytes / size} ${unit}`;
  }
  return `${bytes} bytes`;
}

function readNamedObject(table: TableDraft, kind: string, content: JsonObject, span: Span): boolean {
  const name = textOf(content, 'name');
  const settings = OBJECTS[kind]?.(content);
  if (name === undefined || settings === undefined) return false;
  const object = newObject(kind, name, span);
  table.objects.set(name, object);
  const handle = numberOf(content, 'handle');
  const comment = textOf(content, 'comment');
  if (handle !== undefined) object.handle = handle;
  if (comment !== undefined) object.comment = comment;
  for (const setting of settings) if (setting !== undefined) object.settings.push(setting);
  return true;
}
