import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIptables, printIptables, printIptablesSave, type Match, type Target } from '@netdrift/iptables';
import { afterAll, describe, expect, it } from 'vitest';
import type { MatchExtension, TargetExtension } from '../../packages/iptables/src/extension.ts';
import { MATCHES } from '../../packages/iptables/src/matches/table.ts';
import { TARGETS } from '../../packages/iptables/src/targets/table.ts';
import { withoutSpans } from '../iptables/corpus-files.ts';
import { shareOf } from '../support/share.ts';

const tools = ['iptables-legacy', 'iptables-nft', 'ip6tables-legacy', 'ip6tables-nft'] as const;
type Tool = (typeof tools)[number];

const work = mkdtempSync(join(tmpdir(), 'netdrift-iptables-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Runs a script in a network namespace of its own, which ends with it. */
function inNamespace(script: string) {
  const file = join(work, 'script');
  writeFileSync(
    file,
    `ipset create foo hash:ip; ipset create KUBE-CLUSTER-IP hash:ip,port; ipset create caret hash:ip family inet6\n${script}`,
  );
  const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Why there is nothing to compare with here, if so. */
function missing(tool: Tool): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const { status } = inNamespace(`${tool} -t filter -S >/dev/null`);
  return status === 0 ? undefined : `${tool} does not work here`;
}

const PLACES = [
  ['filter', 'FORWARD'],
  ['nat', 'PREROUTING'],
  ['nat', 'POSTROUTING'],
  ['mangle', 'PREROUTING'],
  ['mangle', 'OUTPUT'],
  ['raw', 'PREROUTING'],
] as const;

const PROTOCOLS = ['', '-p tcp', '-p udp', '-p icmp', '-p ipv6-icmp', '-p sctp', '-p ah', '-p esp'] as const;

const matches: readonly MatchExtension<Match>[] = MATCHES;
const targets: readonly TargetExtension<Target>[] = TARGETS;

/** The options of every sample of every extension, as our own print gives them. */
function options(): readonly string[] {
  const header = 'Chain C (1 references)\ntarget     prot opt source               destination         \n';
  const all = [...matches, ...targets].flatMap((extension) =>
    (extension.samples.length === 0 ? [''] : extension.samples).map((sample) => {
      const column = extension.type === 'target' ? (extension.column ?? extension.name) : '';
      const row = `${column.padEnd(9)}  all  --  0.0.0.0/0            0.0.0.0/0            ${sample}\n`;
      const { value } = parseIptables(header + row);
      const save = value.kind === 'IptablesListing' ? printIptables({ ...value, kind: 'IptablesSave', layout: { style: 'rules' } }) : '';
      return /^-A C (.*)$/m.exec(save)?.[1] ?? '';
    }),
  );
  return shareOf(
    [...new Set(all)].filter((text) => text !== '' && !text.includes('\0')),
    80,
  );
}

/** Shell text that tries each rule in each place until the tool takes it. */
function applyAll(tool: Tool): string {
  const lines = options().map((text, index) => {
    const isMatch = text.startsWith('-m') || text.startsWith('!');
    const places = isMatch ? PLACES.slice(0, 1).concat([['mangle', 'OUTPUT']]) : PLACES;
    const tries = places.flatMap(([table, chain]) =>
      PROTOCOLS.filter((protocol) => !protocol.includes('icmp') || protocol.includes('v6') === tool.startsWith('ip6')).map(
        (protocol) => `try ${table} ${chain} '${`${protocol} ${text}`.replaceAll("'", `'\\''`)}'`,
      ),
    );
    return `${tries.join(' || ')} || echo "not taken: ${index}" >&2`;
  });
  return `try() { printf '*%s\\n-A %s %s\\nCOMMIT\\n' "$1" "$2" "$3" | ${tool}-restore --noflush 2>/dev/null; }\n${lines.join('\n')}\n`;
}

const TABLES = ['filter', 'nat', 'mangle', 'raw'] as const;

const LIST = (tool: Tool): string => TABLES.map((table) => `echo "%% table ${table}"; ${tool} -t ${table} -nvxL`).join('\n');
const SAVE = (tool: Tool): string => `${tool}-save`;

function tablesOf(output: string): ReadonlyMap<string, string> {
  return new Map(
    output
      .split('%% table ')
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
}

/** Dates, counters and the order of tables differ from one moment to the next. */
const steady = (text: string): readonly string[] =>
  text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\[\d+:\d+\]/g, '[0:0]')
    .split(/^(?=\*)/m)
    .sort();

describe.each(tools)('real %s', (tool) => {
  const reason = missing(tool);

  if (reason !== undefined) {
    it(`is not compared with: ${reason}`, (context) => context.skip(reason));
    return;
  }

  it('lists and saves what our text of the same rules gives again', { timeout: 400_000 }, () => {
    const family = tool.startsWith('ip6') ? 'ipv6' : 'ipv4';
    const applied = inNamespace(`${applyAll(tool)}\necho %% LIST; ${LIST(tool)}\necho %% SAVE\n${SAVE(tool)}`);
    const [listed = '', saved = ''] = (applied.stdout.split('%% LIST\n')[1] ?? '').split('%% SAVE\n');
    const refused = applied.stderr.match(/not taken/g)?.length ?? 0;

    const tree = parseIptables(saved, { family });
    expect(
      tree.diagnostics.map(({ message, span }) => [
        message,
        saved.slice(saved.lastIndexOf('\n', span.start) + 1, saved.indexOf('\n', span.end)),
      ]),
    ).toEqual([]);
    expect(steady(printIptables(withoutSpans(tree.value)))).toEqual(steady(saved));
    const fromSave = printIptablesSave(tree.value);

    const fromList = [...tablesOf(listed)].map(([table, text]) => {
      const { value, diagnostics } = parseIptables(text);
      const told = diagnostics.filter(({ severity }) => severity !== 'info');
      expect(
        told.map(({ message, span }) => [message, text.slice(text.lastIndexOf('\n', span.start) + 1, text.indexOf('\n', span.end))]),
      ).toEqual([]);
      expect(printIptables(withoutSpans(value))).toBe(text);
      return printIptablesSave(value, { table });
    });

    writeFileSync(join(work, 'save'), fromSave);
    const again = inNamespace(`${tool}-restore --test <${join(work, 'save')} && ${tool}-restore <${join(work, 'save')} && ${SAVE(tool)}`);
    expect({ status: again.status, saved: steady(again.stdout) }).toEqual({ status: 0, saved: steady(saved) });

    writeFileSync(join(work, 'list'), fromList.join(''));
    const listedAgain = inNamespace(
      `${tool}-restore --test <${join(work, 'list')} && ${tool}-restore <${join(work, 'list')} && { ${LIST(tool)}; }`,
    );
    const hidden = (text: string): string =>
      text
        .split('\n')
        .filter((line) => !/limit: (?:above|up to)|quota: /.test(line))
        .join('\n')
        .replaceAll(/^ *\d+ +\d+ /gm, '')
        .replaceAll(/\d+ packets, \d+ bytes/g, '');
    expect({ status: listedAgain.status, listed: hidden(listedAgain.stdout) }).toEqual({ status: 0, listed: hidden(listed) });
    console.log(
      `${tool}: ${options().length - refused} of ${options().length} texts of extensions are taken by this kernel and come back equal`,
    );
  });
});
