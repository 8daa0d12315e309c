/** Netfilter keeps a probability in 31 bits: this many parts make 1. */
const PARTS = 2 ** 31;

/**
 * A probability as `statistic mode random` prints it: `0.` and one to eleven decimals, or a one with zeros.
 *
 * @example
 * parseProbability('0.33333333349') // => 0.33333333349
 */
export function parseProbability(text: string): number | undefined {
  return /^(?:0\.[0-9]{1,11}|1\.0{1,11})$/.test(text) ? Number(text) : undefined;
}

/**
 * The text of a probability with the eleven decimals that iptables prints.
 *
 * @example
 * printProbability(0.5) // => '0.50000000000'
 */
export function printProbability(probability: number): string {
  return probability.toFixed(11);
}

/**
 * The 31-bit number that the kernel keeps for a probability. Two rules balance alike when these are equal, however their
 * probabilities were written: kube-proxy asks for `0.3333333333` and iptables prints `0.33333333349`.
 *
 * @example
 * probabilityParts(0.3333333333) === probabilityParts(0.33333333349) // => true
 */
export function probabilityParts(probability: number): number {
  return Math.round(probability * PARTS);
}

/**
 * What iptables prints for a probability that was asked for: its nearest 31-bit number, with eleven decimals.
 *
 * @example
 * storedProbability(0.3333333333) // => 0.33333333349
 */
export function storedProbability(probability: number): number {
  const parts = BigInt(probabilityParts(probability));
  // parts / 2^31 with eleven decimals is parts * 5^11 / 2^20, rounded half to even as printf does.
  const scaled = parts * 48_828_125n;
  const whole = scaled >> 20n;
  const rest = scaled & 0xf_ffffn;
  const up = rest > 0x8_0000n || (rest === 0x8_0000n && (whole & 1n) === 1n);
  return Number(up ? whole + 1n : whole) / 1e11;
}
