/** Words that somebody wrote on the right of a row: `<------- here`, `<== here`, `← here`. `<=` alone compares in a rule of nft. */
const REMARK = /(?<=\S)\s+(?:<(?:-|=[-=])[-=]*|[←⟵⇐]).*$/u;

/**
 * Where a remark on a row begins, -1 where there is none. Inside a comment (`/* … *\/`) or a quote nothing is a remark.
 */
export function findRemark(line: string): number {
  const remark = REMARK.exec(line);
  if (remark === null) return -1;
  const quoted = Math.max(line.lastIndexOf('*/'), line.lastIndexOf('"'));
  return remark.index > quoted ? remark.index : -1;
}
