/**
 * Whether a kernel release is at least a version: `undefined` when the release does not begin with two numbers.
 *
 * @example
 * isKernelAtLeast('6.1.0-56-amd64', 4, 19) // => true
 * isKernelAtLeast('4.9.0', 4, 19) // => false
 */
export function isKernelAtLeast(release: string, major: number, minor: number): boolean | undefined {
  return isVersionAtLeast(release, major, minor);
}

/** As {@link isKernelAtLeast} for versions written with or without a leading `v`: `v1.30.3`. */
export function isVersionAtLeast(version: string, major: number, minor: number): boolean | undefined {
  const found = /^v?(\d{1,6})\.(\d{1,6})(?!\d)/.exec(version);
  if (found === null) return undefined;
  const foundMajor = Number(found[1]);
  return foundMajor === major ? Number(found[2]) >= minor : foundMajor > major;
}
