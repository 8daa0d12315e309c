import { type AddCommand, withHelp } from './options.ts';

/** What `netdrift digest --help` prints. */
export const DIGEST_HELP = `netdrift digest [snapshot...] - a line a node and a line a service address, for a fleet and SQL

  netdrift digest captures/*.tar.gz > digest.jsonl
  find captures -name '*.tar.gz' | netdrift digest > digest.jsonl
  find captures -name '*.tar.gz' -print0 | xargs -0 -P 4 -n 100 netdrift digest > digest.jsonl
  duckdb < outliers.sql                      which nodes differ from the majority, and in what

Without a snapshot their paths are read from standard input, one a line. A node is forgotten when it is written. It is named by
the manifest of its capture, else by the last part of its path. What is a node's own is kept apart, as diff --nodes does: its
addresses, and endpoints that a policy Local keeps to it. A node that is not whole has "complete": false.

Exit status: 0, or 2 where a snapshot could not be read; the others are written all the same, and that one with its trouble.
`;

/** `netdrift digest`: flat rows of many nodes. */
export const addDigest: AddCommand = (program, done) => {
  withHelp(program.command('digest [snapshots...]'), DIGEST_HELP).action(async (names: string[]) => {
    const { digest } = await import('../commands/digest.ts');
    done(await digest(names));
  });
};
