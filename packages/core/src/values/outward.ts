/** The largest double that is not above a whole number. */
export function doubleAtMost(value: bigint): number {
  const nearest = Number(value);
  return BigInt(nearest) > value ? neighbour(nearest, -1n) : nearest;
}

/** The smallest double that is not below a whole number. */
export function doubleAtLeast(value: bigint): number {
  const nearest = Number(value);
  return BigInt(nearest) < value ? neighbour(nearest, 1n) : nearest;
}

/** The next double of a positive one: doubles of one sign are ordered as their bits are. */
function neighbour(value: number, step: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}
