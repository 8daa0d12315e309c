import type { IptablesSave } from '@netdrift/iptables';

/**
 * Where the last row of a save ends, if its table is open and it jumps to a chain that no line declares: whoever cut the text may have put
 * a line feed behind it. `undefined` for any other text.
 */
export function cutJump(value: IptablesSave, text: string): number | undefined {
  const last = value.tables.at(-1);
  const end = text.trimEnd().length;
  const rule = last?.chains.flatMap(({ rules }) => rules.slice(-1)).find(({ span }) => span.end >= end);
  if (last === undefined || rule?.target?.kind !== 'ChainTarget' || /\nCOMMIT\s*$/.test(text)) return undefined;
  const { name } = rule.target;
  const declares = last.chains.some(({ span }) => text[span.start] === ':');
  return declares && last.chains.every((chain) => chain.name !== name) ? end : undefined;
}
