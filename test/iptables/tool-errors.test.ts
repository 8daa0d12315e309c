import { parseIptables, printIptables } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';

const answers = (
  [
    ['iptables: No chain/target/match by that name.', 'no-such-chain'],
    ["iptables v1.8.9 (nf_tables): chain `NOPE' in table `filter' is incompatible, use 'nft' tool.", 'incompatible-chain', 'NOPE'],
    ["iptables v1.8.4 (nf_tables): table `nat' is incompatible, use 'nft' tool.\n", 'incompatible-table', 'nat'],
    [
      "iptables v1.8.9 (legacy): can't initialize iptables table `nope': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.\n",
      'no-such-table',
      'nope',
    ],
    [
      "iptables v1.8.9 (nf_tables): table 'nope' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n",
      'no-such-table',
      'nope',
    ],
    ["iptables v1.6.1: can't initialize iptables table `filter': Permission denied (you must be root)", 'permission-denied', 'filter'],
    ['iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)', 'permission-denied'],
    ["Fatal: can't open lock file /run/xtables.lock: Permission denied", 'permission-denied'],
    ['Another app is currently holding the xtables lock. Perhaps you want to use the -w option?', 'lock-held'],
    ['-bash: iptables: command not found', 'command-not-found'],
    ['sudo: ip6tables: command not found', 'command-not-found'],
    ['sh: 1: iptables: not found', 'command-not-found'],
    ['exec: "iptables": executable file not found in $PATH', 'command-not-found'],
    [
      "iptables v1.8.10 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n",
      'other',
      'no command specified',
    ],
    ["iptables: invalid option -- 'Q'", 'other', "invalid option -- 'Q'"],
  ] satisfies readonly (readonly [text: string, error: string, name?: string])[]
).map(([text = '', error = '', name]) => ({ text, error, name }));

describe('an answer of the tool in place of a listing', () => {
  it.each(answers)('$text is a $error', ({ text, error, name }) => {
    const { value, diagnostics } = parseIptables(text);
    const tool = /\b(ip6?tables)\b/.exec(text)?.[1];
    expect(value).toEqual({
      kind: 'ToolError',
      error,
      ...(tool === undefined || error === 'lock-held' || text.startsWith('Fatal') ? {} : { tool }),
      ...(name === undefined ? {} : { name }),
      span: { start: 0, end: text.length },
    });
    expect(diagnostics).toEqual([]);
    expect(printIptables(value)).toBe('');
  });

  it('is not one where a listing follows it', () => {
    const text =
      'iptables: No chain/target/match by that name.\nChain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';
    expect(parseIptables(text).value.kind).toBe('IptablesListing');
  });
});

describeCorpus('iptables/scenarios', 'standard error of the corpus', () => {
  it('is an error with a name, or the warning about legacy tables', () => {
    const files = corpusFiles('iptables/scenarios', (path) => path.endsWith('.stderr.txt'));
    const kinds = files.map((path) => {
      const { value } = parseIptables(corpusFile(path));
      return value.kind === 'ToolError' ? value.error : value.notices.map(({ kind }) => kind).join();
    });
    console.log(`errors: ${files.length} files`);
    expect(kinds.filter((kind) => kind === '')).toEqual([]);
  });
});
