import { spawnSync } from 'node:child_process';
import { encode } from '@netdrift/core';
import { diffSnapshots, readSnapshot, renderText, type Snapshot } from '@netdrift/drift';
import { type IptablesValue, printIptablesSave } from '@netdrift/iptables';
import { printIpvsadmSave } from '@netdrift/ipvsadm';
import { NOTHING } from '../exit-status.ts';
import { loadText } from '../input/snapshot-files.ts';
import { StandardInput } from '../input/standard-input.ts';
import { type ColorChoice, wantsColor } from '../output/color.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { asText } from '../parse/as-text.ts';
import { parseInput } from '../parse/parsed-input.ts';
import { Trouble } from '../trouble.ts';

/** Where a side has no file, git names this one. */
const NO_FILE = '/dev/null';

/**
 * Compares two versions of a file, as git asks an external diff to; gives the exit status.
 *
 * Protocol: git(1), GIT_EXTERNAL_DIFF: `path old-file old-hex old-mode new-file new-hex new-mode`, and two words more where it was renamed;
 * a path alone where it is not merged.
 */
export async function gitDiff(words: readonly string[], color: ColorChoice): Promise<number> {
  const [path, oldFile, , , newFile, , , newPath] = words;
  if (path === undefined) throw new Trouble('git-diff is called by git: netdrift git-diff --help tells how');
  const output = new StandardOutput();
  if (oldFile === undefined || newFile === undefined) {
    await output.write(`netdrift ${path} is not merged\n`);
    return NOTHING;
  }
  const before = await sideOf(path, oldFile);
  const after = await sideOf(newPath ?? path, newFile);
  if (before === undefined || after === undefined || before.troubles.length + after.troubles.length > 0) {
    await output.write(gitsOwn(path, oldFile, newFile));
    return NOTHING;
  }
  const title =
    oldFile === NO_FILE
      ? `${path} (new)`
      : newFile === NO_FILE
        ? `${path} (deleted)`
        : newPath === undefined
          ? path
          : `${path} → ${newPath}`;
  // Git pages what it shows: its pager takes colours where the terminal does.
  const isColored = wantsColor(color, process.env, process.stdout.isTTY || process.env['GIT_PAGER_IN_USE'] === 'true');
  await output.write(`netdrift ${title}\n${renderText(diffSnapshots(before, after), { color: isColored })}`);
  return NOTHING;
}

/** One version; undefined where there is none or it is not text of a known tool. */
async function sideOf(path: string, file: string): Promise<Snapshot | undefined> {
  if (file === NO_FILE) return undefined;
  return readSnapshot([{ name: path, content: await loadText(file, new StandardInput()) }]);
}

/** What git itself says of two files. */
function gitsOwn(path: string, oldFile: string, newFile: string): string {
  const { stdout, status, error } = spawnSync('git', ['diff', '--no-index', '--no-ext-diff', '--no-textconv', '--', oldFile, newFile], {
    encoding: 'utf8',
  });
  if (error !== undefined || (status !== 0 && status !== 1))
    throw new Trouble(`git could not compare ${path}: ${error?.message ?? `exit status ${String(status)}`}`);
  return stdout;
}

/**
 * The canonical text of a file, as git asks a text conversion for it: save form without counters where there is one, else what the tool
 * prints; what is no output of a known tool stays as it is.
 */
export async function textConversion(path: string): Promise<number> {
  const bytes = await loadText(path, new StandardInput());
  const { outputs } = parseInput(path, bytes);
  const texts = outputs.map(({ parsed }) => {
    if (parsed.tool === 'iptables') return printIptablesSave(withoutCounters(parsed.value));
    if (parsed.tool === 'ipvsadm') return printIpvsadmSave(parsed.value);
    return asText(parsed);
  });
  const isWhole = texts.length > 0 && texts.every((text) => text !== undefined && text !== '');
  await new StandardOutput().write(isWhole ? encode(texts.join('')) : bytes);
  return NOTHING;
}

/** The rules alone: counters grow while nothing changes. */
function withoutCounters(value: IptablesValue): IptablesValue {
  if (!('tables' in value)) return value;
  const tables = value.tables.map((table) => ({
    ...table,
    chains: table.chains.map(({ counters: _ofChain, ...chain }) => ({
      ...chain,
      rules: chain.rules.map(({ counters: _ofRule, ...rule }) => rule),
    })),
  }));
  if (value.kind === 'IptablesListing') return { ...value, tables };
  const { counters: _shown, ...layout } = value.layout;
  return { ...value, layout, tables };
}
