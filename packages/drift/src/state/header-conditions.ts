import type { Rule } from '@netdrift/iptables';
import { prefixRange } from './address-range.ts';
import type { AddressCondition, Condition, ProtocolCondition } from './condition.ts';
import type { RuleTable } from './model.ts';
import { bang, other } from './rule-words.ts';
import { standardNetwork } from './standard-names.ts';

type AstAddress = Rule['source'];

/** Adds what the columns of a rule ask: protocol, addresses, interfaces, fragments. */
export function addHeader(rule: Rule, conditions: Condition[], family: RuleTable['family']): void {
  const { protocol } = rule;
  if (protocol.number === undefined) {
    conditions.push(other('protocol', protocol.not, `${bang(protocol.not)}-p ${protocol.name}`));
  } else if (protocol.number !== 0 || protocol.not) {
    conditions.push(protocolCondition(protocol.not, protocol.number, protocol.name));
  }
  addAddress('source', '-s', unnamed(rule.source, family), conditions);
  addAddress('destination', '-d', unnamed(rule.destination, family), conditions);
  addInterface('in', '-i', rule.in, conditions);
  addInterface('out', '-o', rule.out, conditions);
  if (rule.fragment !== undefined) conditions.push(other('fragment', rule.fragment.not, `${bang(rule.fragment.not)}-f`));
}

const PROTOCOLS = new Map<number, ProtocolCondition>();
const LAST_PROTOCOL = 255;

/** Most rules ask for one of few protocols: one object for each is enough. */
function protocolCondition(not: boolean, number: number, name: string): ProtocolCondition {
  const known = PROTOCOLS.get(number);
  if (known?.name === name && !not) return known;
  const made: ProtocolCondition = { kind: 'protocol', not, number, name, text: `${bang(not)}-p ${name}` };
  if (known === undefined && !not && number <= LAST_PROTOCOL) PROTOCOLS.set(number, made);
  return made;
}

/** The address behind a name that means the same on every host; another name as it is. */
function unnamed(address: AstAddress, family: RuleTable['family']): AstAddress {
  if (!('name' in address)) return address;
  const known = standardNetwork(address, family);
  return known === undefined ? address : { not: address.not, ...known };
}

function addAddress(kind: 'source' | 'destination', option: string, address: AstAddress, conditions: Condition[]): void {
  if ('name' in address) {
    const mask = address.prefixLength ?? address.mask;
    const block = mask === undefined ? address.name : `${address.name}/${mask}`;
    conditions.push({ kind, not: address.not, block, named: true, text: `${bang(address.not)}${option} ${block}` });
    return;
  }
  if ('mask' in address) {
    const block = `${address.address}/${address.mask}`;
    conditions.push({ kind, not: address.not, block, text: `${bang(address.not)}${option} ${block}` });
    return;
  }
  if (address.prefixLength === 0 && !address.not) return;
  const full = address.prefixLength === (address.address.includes(':') ? 128 : 32);
  const block = full ? address.address : `${address.address}/${address.prefixLength}`;
  const range = prefixRange(address.address, address.prefixLength);
  const condition: AddressCondition = { kind, not: address.not, block, text: `${bang(address.not)}${option} ${block}` };
  conditions.push(range === undefined ? condition : { ...condition, range });
}

function addInterface(kind: 'in' | 'out', option: string, condition: Rule['in'], conditions: Condition[]): void {
  if (condition === undefined || (!condition.not && (condition.name === '*' || condition.name === 'any'))) return;
  conditions.push({ kind, not: condition.not, name: condition.name, text: `${bang(condition.not)}${option} ${condition.name}` });
}
