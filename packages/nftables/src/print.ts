import type { Chain, Flowtable, Hook, Nftables, NftMap, NftSet, Priority, Rule, Table, TableObject } from './ast/ruleset.ts';
import { printer } from './print-statement.ts';
import { elementText, printDuration } from './print-value.ts';
import { elementsPerRow } from './set-rows.ts';
import { printToolError } from './tool-errors.ts';

/**
 * The text that `nft list ruleset` prints for a value of `parseNftables`: of a real listing the same characters, of an input file or of
 * JSON the listing of its tables. `nft -f` takes it, but for tables of iptables-nft.
 *
 * @example
 * printNftables(parseNftables('add table t; add chain t c; add rule t c accept').value)
 * // => 'table ip t {\n\tchain c {\n\t\taccept\n\t}\n}\n'
 */
export function printNftables(value: Nftables): string {
  return value.kind === 'ToolError'
    ? `${printToolError(value)}\n`
    : value.tables.map((table) => printTable(table, value.layout.dense === true ? '' : '\n')).join('');
}

/** rule.c `table_print` */
function printTable({ family, name, handle, owner, flags, comment, objects, sets, flowtables, chains }: Table, between: string): string {
  const head = `table ${family} ${name}`;
  if (chains === undefined) return `${head}\n`;
  const note = `${handle === undefined ? '' : ` handle ${handle}`}${owner === undefined ? '' : ` progname ${owner}`}`;
  const blocks = [
    ...(objects ?? []).map(printObject),
    ...(sets ?? []).map(printSet),
    ...(flowtables ?? []).map(printFlowtable),
    ...chains.map(printChain),
  ].join(between);
  return [
    `${head} {${note === '' ? '' : ` #${note}`}\n`,
    flags === undefined ? '' : `\tflags ${flags.join(',')}\n`,
    comment === undefined ? '' : `\tcomment "${comment}"\n`,
    flags === undefined || blocks === '' ? '' : '\n',
    blocks,
    '}\n',
  ].join('');
}

function block(head: string, handle: number | undefined, lines: readonly string[]): string {
  const note = handle === undefined ? '' : ` # handle ${handle}`;
  return `\t${head} {${note}\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

/** rule.c `chain_print_declaration` */
function printChain({ name, handle, comment, hook, policy, flags, rules = [] }: Chain): string {
  return block(`chain ${name}`, handle, [
    ...(comment === undefined ? [] : [`comment "${comment}"`]),
    ...(hook === undefined ? [] : [printHook(hook, policy, flags)]),
    ...rules.map(printRule),
  ]);
}

function printHook({ type, hook, devices, priority }: Hook, policy: Chain['policy'], flags: Chain['flags']): string {
  const [only, second] = devices ?? [];
  return [
    `type ${type} hook ${hook}`,
    only === undefined ? '' : second === undefined ? ` device "${only}"` : ` devices = { ${devices?.join(', ') ?? ''} }`,
    ` priority ${printPriority(priority)};`,
    policy === undefined ? '' : ` policy ${policy};`,
    flags === undefined ? '' : ` flags ${flags.join(',')};`,
  ].join('');
}

function printPriority({ value, name, offset }: Priority): string {
  if (name === undefined) return String(value);
  return offset === undefined ? name : `${name} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
}

/** rule.c `rule_print` */
export function printRule({ statements, comment, handle }: Rule): string {
  return [
    statements.map(printer.statement).join(' '),
    comment === undefined ? '' : ` comment "${comment}"`,
    handle === undefined ? '' : ` # handle ${handle}`,
  ].join('');
}

/** rule.c `set_print_declaration` */
function printSet(set: NftSet | NftMap): string {
  const { name, handle, policy, size, count, flags, statements, autoMerge, timeout, gcInterval, comment, elements } = set;
  const names = Object.keys(flags ?? {}).join(',');
  return block(`${set.kind === 'Map' ? 'map' : 'set'} ${name}`, handle, [
    ...printTypes(set),
    ...(policy === undefined ? [] : [`policy ${policy}`]),
    ...(size === undefined ? [] : [`size ${size}${count === undefined ? '' : `\t# count ${count}`}`]),
    ...(names === '' ? [] : [`flags ${names}`]),
    ...(statements === undefined ? [] : [statements.map(printer.statement).join(' ')]),
    ...(autoMerge === undefined ? [] : ['auto-merge']),
    ...(timeout === undefined ? [] : [`timeout ${printDuration(timeout)}`]),
    ...(gcInterval === undefined ? [] : [`gc-interval ${printDuration(gcInterval)}`]),
    ...(comment === undefined ? [] : [`comment "${comment}"`]),
    ...(elements === undefined || elements.length === 0 ? [] : [printElements(set, elements)]),
  ]);
}

function printTypes(set: NftSet | NftMap): readonly string[] {
  const { type, typeof: selector } = set;
  const interval = set.kind === 'Map' && set.dataInterval === true ? 'interval ' : '';
  const data =
    set.kind === 'Map'
      ? (set.dataType?.join(' . ') ?? (set.dataTypeof === undefined ? undefined : printer.expression(set.dataTypeof)))
      : undefined;
  const held = data === undefined ? '' : ` : ${interval}${data}`;
  if (selector !== undefined) return [`typeof ${printer.expression(selector)}${held}`];
  return type === undefined ? [] : [`type ${type.join(' . ')}${held}`];
}

/** expression.c `set_expr_print`: a few elements a line, as many as their type lets. */
function printElements(set: NftSet | NftMap, elements: NonNullable<NftSet['elements']>): string {
  const perRow = set.elementsPerLine ?? elementsPerRow(set);
  const rows: string[] = [];
  for (let index = 0; index < elements.length; index += perRow)
    rows.push(
      elements
        .slice(index, index + perRow)
        .map((element) => elementText(element, printer))
        .join(', '),
    );
  return `elements = { ${rows.join(',\n\t\t\t     ')} }`;
}

function printFlowtable({ name, handle, hook, priority, devices, flags, counter }: Flowtable): string {
  return block(`flowtable ${name}`, handle, [
    ...(hook === undefined ? [] : [`hook ${hook}${priority === undefined ? '' : ` priority ${printPriority(priority)}`}`]),
    ...(devices === undefined ? [] : [`devices = { ${devices.join(', ')} }`]),
    ...(flags === undefined ? [] : [`flags ${flags.join(',')}`]),
    ...(counter === undefined ? [] : ['counter']),
  ]);
}

/** rule.c `obj_print_data` */
function printObject({ type, name, handle, comment, settings = [] }: TableObject): string {
  return block(`${type} ${name}`, handle, [
    ...(comment === undefined ? [] : [`comment "${comment}"`]),
    ...settings.map((setting) => (setting.value === undefined ? setting.name : `${setting.name} ${setting.value}`)),
  ]);
}
