import { parseNftables, printNftables } from '@netdrift/nftables';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/nftables-1.0.6/${name}`, import.meta.url), 'utf8');

/** Loads a rule set in a network namespace of its own and lists it. */
function loaded(
  input: string,
  list = 'nft list ruleset',
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', `nft -f - && ${list}`], {
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

const probe = loaded('table ip t {\n}\n');
const reason = probe.status === 0 ? undefined : `nft cannot be run here: ${probe.stderr.trim() || 'no root, no unshare or no nft'}`;
if (reason !== undefined) console.log(`real nft is skipped: ${reason}`);

/** What does not stand still between two loads: the time that is left to an element. */
const still = (text: string): string => text.replaceAll(/ expires [0-9a-z]+/g, '');

describe.skipIf(reason !== undefined)('real nft', () => {
  it.each(['programs', 'kube-proxy-1.37', 'statements'])('loads what is printed of %s and lists it equal', (name) => {
    const text = fixture(`${name}.list.txt`);
    const { stdout, stderr } = loaded(printNftables(parseNftables(text).value));
    expect(stderr).toBe('');
    // A set in place of two flags has no order of its own.
    expect(still(stdout).replace('{ syn, syn | ack }', '{ syn | ack, syn }')).toBe(
      still(text).replace('{ syn, syn | ack }', '{ syn | ack, syn }'),
    );
    expect(printNftables(parseNftables(stdout).value)).toBe(stdout);
  });

  it.each(['programs', 'kube-proxy-1.37'])('makes of JSON that was printed as text, and of commands, the rule set of %s', (name) => {
    const listed = loaded(fixture(`${name}.nft`)).stdout;
    const { value } = parseNftables(fixture(`${name}.list.json.txt`));
    // Nor does it name the device of a chain at ingress.
    const tables = value.kind === 'NftablesRuleset' ? value.tables.filter(({ family }) => family !== 'netdev') : [];
    const fromJson = loaded(printNftables({ ...value, tables } as typeof value));
    expect(fromJson.stderr).toBe('');
    // JSON of this version shows no comments of tables and chains, and no flag "dynamic".
    const shown = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => !/^\t{1,2}comment "/.test(line) && line !== '')
        .sort();
    expect(shown(fromJson.stdout)).toEqual(shown(listed.replace(/^table netdev [^]*?^}\n/m, '')));
    const fromCommands = loaded(printNftables(parseNftables(fixture(`${name}.nft`)).value));
    expect(fromCommands.stderr).toBe('');
    expect(fromCommands.stdout.split('\n').sort()).toEqual(listed.split('\n').sort());
  });
});
