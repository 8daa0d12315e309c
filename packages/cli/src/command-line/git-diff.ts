import { type AddCommand, colorOption, withHelp } from './options.ts';

/** What `netdrift git-diff --help` prints. */
export const GIT_DIFF_HELP = `netdrift git-diff - diffs of stored snapshots in git, told by netdrift

  echo '*.netdrift.txt diff=netdrift' >> .gitattributes
  git config diff.netdrift.command 'netdrift git-diff'
  git diff                                   what a change of a stored listing does to traffic
  git config diff.netdrift.textconv 'netdrift git-diff --textconv'
  git log -p --no-ext-diff                   line by line, without counters and without what only looks different

git calls it with path, old file, its hash and mode, new file, its hash and mode. A file that is none of a known tool is compared by
git's own diff.

Options:
  --textconv FILE           the file in one canonical form, for git to compare by lines
  --color auto|always|never colours in text (auto: on a terminal, and in git's pager)

Exit status: 0, for git takes every other one for a failure; 2 for trouble.
`;

/** `netdrift git-diff`: git's protocols of an external diff and of a text conversion. */
export const addGitDiff: AddCommand = (program, done) => {
  withHelp(program.command('git-diff [arguments...]'), GIT_DIFF_HELP)
    .addOption(colorOption())
    .option('--textconv <file>')
    .action(async (words: string[], options: { readonly textconv?: string; readonly color: 'auto' | 'always' | 'never' }) => {
      const { gitDiff, textConversion } = await import('../commands/git-diff.ts');
      done(options.textconv === undefined ? await gitDiff(words, options.color) : await textConversion(options.textconv));
    });
};
