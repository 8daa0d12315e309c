import type { RefereeNode, RefereePacket, RefereeTable } from './referee.ts';

/** Rules as plain data, made without the parsers and the model. */

/** One rule; a missing key = it does not ask. */
export interface PlainRule {
  readonly protocol?: 'tcp' | 'udp';
  /** First bytes of an address, as `10.1.`, or a whole address. */
  readonly source?: string;
  readonly destination?: string;
  readonly notSource?: true;
  readonly notDestination?: true;
  readonly port?: number;
  readonly mark?: number;
  readonly chance?: number;
  readonly target: PlainTarget;
}

export type PlainTarget =
  | { readonly kind: 'ACCEPT' | 'DROP' | 'REJECT' | 'RETURN' | 'MASQUERADE' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'DNAT'; readonly address: string; readonly port?: number }
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number };

/** Chains by name; built-in ones have a policy. */
export type PlainTable = ReadonlyMap<string, { readonly policy?: 'ACCEPT' | 'DROP'; readonly rules: readonly PlainRule[] }>;

export interface PlainTables {
  readonly nat: PlainTable;
  readonly filter: PlainTable;
}

/** The tables as the referee takes them. */
export function refereeNode({ nat, filter }: PlainTables, isLocal: RefereeNode['isLocal']): RefereeNode {
  return { nat: refereeTable(nat), filter: refereeTable(filter), isLocal };
}

function refereeTable(table: PlainTable): RefereeTable {
  return new Map(
    [...table].map(([name, { rules, ...shown }]) => [
      name,
      {
        ...shown,
        rules: rules.map((rule) => ({ meets: (packet, mark) => meets(rule, packet, mark), chance: rule.chance ?? 1, target: rule.target })),
      },
    ]),
  );
}

function meets(rule: PlainRule, packet: RefereePacket, mark: number): boolean {
  if (rule.protocol !== undefined && rule.protocol !== packet.protocol) return false;
  if (rule.source !== undefined && isIn(packet.source, rule.source) === (rule.notSource === true)) return false;
  if (rule.destination !== undefined && isIn(packet.destination, rule.destination) === (rule.notDestination === true)) return false;
  if (rule.port !== undefined && rule.port !== packet.port) return false;
  return rule.mark === undefined || (mark & rule.mark) === rule.mark;
}

function isIn(address: string, block: string): boolean {
  return block.endsWith('.') ? address.startsWith(block) : address === block;
}

/** The tables as `iptables-save` prints them. */
export function saveText({ nat, filter }: PlainTables): string {
  return [...tableLines('nat', nat), ...tableLines('filter', filter), ''].join('\n');
}

function tableLines(name: string, table: PlainTable): string[] {
  const chains = [...table].map(([chain, { policy }]) => `:${chain} ${policy ?? '-'} [0:0]`);
  const rules = [...table].flatMap(([chain, { rules: ofChain }]) => ofChain.map((rule) => `-A ${chain} ${ruleText(rule)}`));
  return [`*${name}`, ...chains, ...rules, 'COMMIT'];
}

/** A rule as `iptables -S` prints it, without its chain. */
function ruleText(rule: PlainRule): string {
  const words: string[] = [];
  if (rule.source !== undefined) words.push(`${rule.notSource === true ? '! ' : ''}-s ${blockText(rule.source)}`);
  if (rule.destination !== undefined) words.push(`${rule.notDestination === true ? '! ' : ''}-d ${blockText(rule.destination)}`);
  if (rule.protocol !== undefined) words.push(`-p ${rule.protocol}`);
  if (rule.port !== undefined) words.push(`-m ${rule.protocol} --dport ${rule.port}`);
  if (rule.mark !== undefined) words.push(`-m mark --mark 0x${rule.mark.toString(16)}/0x${rule.mark.toString(16)}`);
  if (rule.chance !== undefined) words.push(`-m statistic --mode random --probability ${rule.chance.toFixed(11)}`);
  words.push(targetText(rule.target));
  return words.join(' ');
}

function blockText(block: string): string {
  if (!block.endsWith('.')) return `${block}/32`;
  const bytes = block.slice(0, -1).split('.');
  return `${[...bytes, ...Array.from({ length: 4 - bytes.length }, () => '0')].join('.')}/${bytes.length * 8}`;
}

function targetText(target: PlainTarget): string {
  switch (target.kind) {
    case 'jump':
      return `-j ${target.chain}`;
    case 'goto':
      return `-g ${target.chain}`;
    case 'DNAT':
      return `-j DNAT --to-destination ${target.address}${target.port === undefined ? '' : `:${target.port}`}`;
    case 'MARK':
      return `-j MARK --set-xmark 0x${target.value.toString(16)}/0x${target.mask.toString(16)}`;
    case 'REJECT':
      return '-j REJECT --reject-with icmp-port-unreachable';
    default:
      return `-j ${target.kind}`;
  }
}
