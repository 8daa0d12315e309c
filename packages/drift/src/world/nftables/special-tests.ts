import { type Expression, type Match, printNftStatement } from '@netdrift/nftables';
import type { Test } from '../ir.ts';
import { type CompiledParts, type NftContext, unknown } from './context.ts';

/** `meta nfproto ipv4`: known of every packet of the family. */
export function constantTest({ left, operator, right }: Match, { family }: NftContext): CompiledParts | undefined {
  if (left.kind !== 'Meta' || (left.key !== 'nfproto' && left.key !== 'protocol') || (operator !== '==' && operator !== '!='))
    return undefined;
  const values = right.kind === 'AnonymousSet' ? right.elements.map(({ key }) => key) : [right];
  const own = family === 'ipv4' ? ['ipv4', 'ip', 2, 0x800] : ['ipv6', 'ip6', 10, 0x86dd];
  const holds = values.some((value) =>
    value.kind === 'Symbol' ? own.includes(value.name) : value.kind === 'Number' && own.includes(value.value),
  );
  return holds === (operator === '==') ? [] : 'never';
}

const SIDES: Readonly<Record<string, 'in' | 'out'>> = { iif: 'in', iifname: 'in', oif: 'out', oifname: 'out' };

/** `iifname "eth0"`, `oifname != "docker*"`, and a set of names of which one may be it. */
export function interfaceTests(match: Match, { sets }: NftContext): CompiledParts | undefined {
  const { left, operator, right } = match;
  const side = left.kind === 'Meta' ? SIDES[left.key] : undefined;
  if (side === undefined) return undefined;
  const values =
    right.kind === 'SetReference'
      ? sets.get(right.name)?.elements?.map(({ key }) => key)
      : right.kind === 'AnonymousSet'
        ? right.elements.map(({ key }) => key)
        : [right];
  const names = values?.map((value) => (value.kind === 'Symbol' ? value.name : undefined));
  const not = operator === '!=';
  // Of several names none may hold, one after another; that one of them holds is a question of its own.
  if (names === undefined || names.includes(undefined) || (operator !== '==' && !not) || (names.length !== 1 && !not))
    return [unknown(printNftStatement({ ...match, operator: '==' }), not)];
  return names.map((name = ''): Test => {
    const prefix = name.endsWith('*');
    return { kind: 'interface', side, name: { name: prefix ? name.slice(0, -1) : name, prefix }, not };
  });
}

/** `fib daddr type local`; 2 is `local` under -n. */
export function localTest({ left, operator, right }: Match): CompiledParts | undefined {
  if (left.kind !== 'Fib' || left.result !== 'type' || left.flags.length !== 1 || (operator !== '==' && operator !== '!='))
    return undefined;
  const [flag] = left.flags;
  if ((flag !== 'daddr' && flag !== 'saddr') || !isLocalType(right)) return undefined;
  return [{ kind: 'local', field: flag === 'daddr' ? 'destination' : 'source', not: operator === '!=' }];
}

function isLocalType(value: Expression): boolean {
  return (value.kind === 'Symbol' && value.name === 'local') || (value.kind === 'Number' && value.value === 2);
}

/** `ct status dnat`; 0x20 and 0x10 under -n. */
export function statusTest({ left, operator, right }: Match): CompiledParts | undefined {
  if (left.kind !== 'Ct' || left.key !== 'status' || operator !== 'in') return undefined;
  const isOf = (name: string, bit: number): boolean =>
    (right.kind === 'Symbol' && right.name === name) || (right.kind === 'Number' && right.value === bit);
  if (isOf('dnat', 0x20)) return [{ kind: 'translated', side: 'destination', not: false }];
  return isOf('snat', 0x10) ? [{ kind: 'translated', side: 'source', not: false }] : undefined;
}
