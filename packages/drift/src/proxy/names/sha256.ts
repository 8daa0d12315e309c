/** Fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8 (FIPS 180-4 §4.2.2, §5.3.3). */
const [ROUND_CONSTANTS, START] = constants();

/** Filled anew for each block of 64 bytes. */
const SCHEDULE = new Uint32Array(64);

function constants(): readonly [Uint32Array, Uint32Array] {
  const rounds = new Uint32Array(64);
  const start = new Uint32Array(8);
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    if (!isPrime(candidate)) continue;
    rounds[found] = fraction(Math.cbrt(candidate));
    if (found < 8) start[found] = fraction(Math.sqrt(candidate));
    found++;
  }
  return [rounds, start];
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

/**
 * SHA-256 of bytes. Meant for the short names that kube-proxy hashes into names of chains: it keeps all of its input.
 *
 * @example
 * sha256(new TextEncoder().encode('abc')).slice(0, 4) // => Uint8Array [0xba, 0x78, 0x16, 0xbf]
 */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer(((message.length + 72) >> 6) << 6));
  new Uint8Array(padded.buffer).set(message);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 8, Math.floor(message.length / 2 ** 29));
  padded.setUint32(padded.byteLength - 4, message.length << 3);
  const state = START.slice();
  for (let block = 0; block < padded.byteLength; block += 64) {
    expand(SCHEDULE, padded, block);
    compress(state, SCHEDULE);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let at = 0; at < 8; at++) digest.setUint32(at * 4, word(state, at));
  return new Uint8Array(digest.buffer);
}

function expand(schedule: Uint32Array, message: DataView, block: number): void {
  for (let at = 0; at < 16; at++) schedule[at] = message.getUint32(block + at * 4);
  for (let at = 16; at < 64; at++) {
    const early = word(schedule, at - 15);
    const late = word(schedule, at - 2);
    const low = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const high = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[at] = word(schedule, at - 16) + low + word(schedule, at - 7) + high;
  }
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let a = word(state, 0) | 0;
  let b = word(state, 1) | 0;
  let c = word(state, 2) | 0;
  let d = word(state, 3) | 0;
  let e = word(state, 4) | 0;
  let f = word(state, 5) | 0;
  let g = word(state, 6) | 0;
  let h = word(state, 7) | 0;
  for (let round = 0; round < 64; round++) {
    const choice = (e & f) ^ (~e & g);
    const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + word(ROUND_CONSTANTS, round) + word(schedule, round)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  add(state, 0, a);
  add(state, 1, b);
  add(state, 2, c);
  add(state, 3, d);
  add(state, 4, e);
  add(state, 5, f);
  add(state, 6, g);
  add(state, 7, h);
}

function add(state: Uint32Array, at: number, value: number): void {
  state[at] = word(state, at) + value;
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
