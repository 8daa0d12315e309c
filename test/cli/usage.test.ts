import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CAPTURE_HELP } from '../../packages/cli/src/command-line/capture.ts';
import { CHECK_HELP } from '../../packages/cli/src/command-line/check.ts';
import { COMPLETION_HELP } from '../../packages/cli/src/command-line/completion.ts';
import { DIFF_HELP } from '../../packages/cli/src/command-line/diff.ts';
import { EXPECT_HELP } from '../../packages/cli/src/command-line/expect.ts';
import { DIGEST_HELP } from '../../packages/cli/src/command-line/digest.ts';
import { EXPLAIN_HELP } from '../../packages/cli/src/command-line/explain.ts';
import { GIT_DIFF_HELP } from '../../packages/cli/src/command-line/git-diff.ts';
import { HELP_HELP } from '../../packages/cli/src/command-line/help.ts';
import { PARSE_HELP } from '../../packages/cli/src/command-line/parse.ts';
import { RULES_HELP } from '../../packages/cli/src/command-line/rules.ts';
import { TRACE_HELP } from '../../packages/cli/src/command-line/trace.ts';
import { HELP } from '../../packages/cli/src/help.ts';
import { buildCli, netdrift, netdriftProcess } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'),
);

describe('netdrift', () => {
  it('prints its version', () => {
    expect(netdriftProcess(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('prints help on standard output when asked', () => {
    expect(netdriftProcess(['--help'])).toEqual({ status: 0, stdout: HELP, stderr: '' });
    const helps = {
      capture: CAPTURE_HELP,
      digest: DIGEST_HELP,
      completion: COMPLETION_HELP,
      'git-diff': GIT_DIFF_HELP,
      help: HELP_HELP,
      check: CHECK_HELP,
      diff: DIFF_HELP,
      expect: EXPECT_HELP,
      explain: EXPLAIN_HELP,
      parse: PARSE_HELP,
      rules: RULES_HELP,
      trace: TRACE_HELP,
    };
    for (const [command, stdout] of Object.entries(helps))
      expect(netdriftProcess([command, '--help'])).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('prints help on standard error and fails when no command is given', () => {
    expect(netdriftProcess([])).toEqual({ status: 2, stdout: '', stderr: HELP });
  });

  it.each([
    [['dif'], 'there is no command "dif"; the nearest is diff'],
    [['diff', 'a', 'b', '--formt'], 'there is no option "--formt"; the nearest is --format'],
    [['--zzz'], 'there is no option "--zzz"; netdrift --help lists what there is'],
    [['diff', 'a'], 'the argument <after> is missing'],
    [['check'], 'the argument <snapshot> is missing'],
    [['trace', 'node'], "a packet is missing: netdrift trace node/ 'tcp 10.244.3.9 -> 10.96.0.10:53'"],
    [['trace', 'node', 'tcp 10.0.0.1'], 'expected a port at the destination: tcp has ports'],
    [['trace', 'node', 'icmp 10.0.0.1', '--from', 'here'], '--from takes pod, node, outside or an address, found "here"'],
    [['diff', 'a', 'b', 'c'], 'diff has 3 arguments; expected 2'],
    [['diff', 'a', 'b', '--format', 'xml\u001b[2J'], '--format has the value "xml\\x1b[2J"; expected one of FORMATS'],
    [['diff', 'a', 'b', '--fail-on'], '--fail-on has no value'],
    [['check', 'a', '--expect', 'b', '--expect', 'c'], '--expect is given twice'],
    [['diff', '', 'b'], 'the name of a snapshot is empty'],
    [['parse', ''], 'the name of a file is empty'],
  ])('exits with 2 and one line on %j, because 1 means drift', (args, message) => {
    const formats = /--format (\S+)/.exec(DIFF_HELP.slice(DIFF_HELP.indexOf('Options:')))?.[1]?.replaceAll('|', ', ') ?? '';
    expect(netdrift(args)).toEqual({ status: 2, stdout: '', stderr: `netdrift: ${message.replace('FORMATS', formats)}\n` });
  });
});
