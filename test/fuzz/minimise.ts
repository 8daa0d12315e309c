/** The smallest part of a text, by lines and then by bytes, for which a check still fails. Tries no more than a fixed number of parts. */
export async function minimised(text: Buffer, fails: (part: Buffer) => Promise<boolean>): Promise<Buffer> {
  let tries = 2_000;
  const shrink = async (parts: readonly Buffer[]): Promise<readonly Buffer[]> => {
    let kept = [...parts];
    for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < kept.length && tries > 0; tries -= 1) {
        const without = kept.toSpliced(at, size);
        if (without.length < kept.length && (await fails(Buffer.concat(without)))) kept = without;
        else at += size;
      }
    }
    return kept;
  };
  const lines = await shrink(
    text
      .toString('latin1')
      .split(/(?<=\n)/)
      .map((line) => Buffer.from(line, 'latin1')),
  );
  const bytes = Buffer.concat([...lines]);
  return Buffer.concat([...(await shrink(Array.from(bytes, (byte) => Buffer.from([byte]))))]);
}
