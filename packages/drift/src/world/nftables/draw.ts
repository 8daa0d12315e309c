import type { Expression, SetElement } from '@netdrift/nftables';
import type { Verdict } from '../ir.ts';

/**
 * `numgen random mod 2 vmap { 0 : …, 1 : … }`: one of several, as often as numbers lead to it; nothing where the key is no drawn number.
 */
export function drawAmong(
  key: Expression,
  elements: readonly SetElement[],
  verdictOf: (element: SetElement) => Verdict | undefined,
): Verdict | undefined {
  const by = key.kind === 'Numgen' ? (key.mode === 'random' ? 'random' : 'counter') : key.kind === 'Hash' ? 'hash' : undefined;
  if (by === undefined || (key.kind !== 'Numgen' && key.kind !== 'Hash')) return undefined;
  const { modulus, offset = 0 } = key;
  const among: { weight: number; verdict: Verdict }[] = [];
  let left = modulus;
  for (const element of elements) {
    const verdict = verdictOf(element);
    const weight = element.key.kind === 'Wildcard' ? left : numbersIn(element.key, offset, modulus);
    if (verdict === undefined || weight === undefined) return undefined;
    left -= weight;
    if (weight > 0) among.push({ weight: weight / modulus, verdict });
  }
  if (left > 0) among.push({ weight: left / modulus, verdict: { kind: 'continue' } });
  const [only] = among;
  return among.length === 1 && only !== undefined ? only.verdict : { kind: 'draw', by, among };
}

/** How many of the numbers `offset` to `offset + modulus - 1` a key holds. */
export function numbersIn(key: Expression, offset: number, modulus: number): number | undefined {
  const first = key.kind === 'Range' ? key.first : key;
  const last = key.kind === 'Range' ? key.last : key;
  if (first.kind !== 'Number' || last.kind !== 'Number') return undefined;
  return Math.max(0, Math.min(last.value, offset + modulus - 1) - Math.max(first.value, offset) + 1);
}
