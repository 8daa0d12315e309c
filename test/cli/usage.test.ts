import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHECK_HELP, DIFF_HELP, EXPLAIN_HELP, HELP, PARSE_HELP, RULES_HELP } from '../../packages/cli/src/help.ts';
import { buildCli, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const manifest: { readonly version: string } = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'));

describe('netdrift', () => {
  it('prints its version', () => {
    expect(netdrift(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('prints help on standard output when asked', () => {
    expect(netdrift(['--help'])).toEqual({ status: 0, stdout: HELP, stderr: '' });
    const helps = { check: CHECK_HELP, diff: DIFF_HELP, explain: EXPLAIN_HELP, parse: PARSE_HELP, rules: RULES_HELP };
    for (const [command, stdout] of Object.entries(helps)) expect(netdrift([command, '--help'])).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('prints help on standard error and fails when no command is given', () => {
    expect(netdrift([])).toEqual({ status: 2, stdout: '', stderr: HELP });
  });

  it('exits with 2 and one line on wrong usage, because 1 means drift', () => {
    expect(netdrift(['dif'])).toEqual({ status: 2, stdout: '', stderr: "netdrift: unknown command 'dif'\n(Did you mean diff?)\n" });
    expect(netdrift(['diff', 'a'])).toEqual({ status: 2, stdout: '', stderr: "netdrift: missing required argument 'after'\n" });
    expect(netdrift(['diff', 'a', 'b', '--format', 'xml'])).toEqual({
      status: 2,
      stdout: '',
      stderr: "netdrift: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json.\n",
    });
    expect(netdrift(['diff', 'a', 'b', 'c'])).toMatchObject({ status: 2, stdout: '' });
  });
});
