import { textLines } from './text-lines.ts';

/** A value of a configuration file: text, a list of texts, or more settings below. */
export interface YamlSetting {
  readonly key: string;
  /** Empty where the setting has settings or a list below it. Quotes are taken off; `null` and `~` are empty. */
  readonly value: string;
  readonly items: readonly string[];
  readonly below: readonly YamlSetting[];
  /** From 1. */
  readonly line: number;
}

interface OpenSetting {
  readonly key: string;
  readonly value: string;
  readonly items: string[];
  readonly below: YamlSetting[];
  readonly line: number;
  readonly indent: number;
}

interface Document {
  readonly settings: readonly YamlSetting[];
  /** Lines that are neither settings nor list items. */
  readonly unread: readonly number[];
}

// featureGates: {SupportIPVSProxyMode: true} · "mode": 'ipvs' · excludeCIDRs: null
const SETTING = /^( *)(?:"([^"]+)"|'([^']+)'|([\w./-]+)) *:(?: +(.*))?$/;

/**
 * Reads the part of YAML that Kubernetes configuration files are written in: settings by indentation, plain or quoted values,
 * lists of plain values, empty `{}` and `[]`, and one flat `{a: b}`. Anything else is left out and its line told.
 */
export function yamlBlock(text: string): Document {
  const root: OpenSetting = { key: '', value: '', items: [], below: [], line: 0, indent: -1 };
  const open: OpenSetting[] = [root];
  const unread: number[] = [];
  let blockIndent: number | undefined;
  for (const { text: line, number } of textLines(text)) {
    const written = line.trim();
    const indent = line.length - line.trimStart().length;
    if (written === '' || written.startsWith('#') || written === '...' || written === '---') continue;
    if (blockIndent !== undefined && indent > blockIndent) continue;
    blockIndent = undefined;
    const item = /^- +(.*)$/.exec(written);
    if (item !== null && !/^[\w"'.-]+ *:( |$)/.test(item[1] as string)) {
      while ((open.at(-1)?.indent ?? -1) >= indent && open.length > 2 && open.at(-1)?.value !== '') open.pop();
      open.at(-1)?.items.push(plainValue(item[1] as string));
      continue;
    }
    const found = SETTING.exec(line);
    if (found === null) {
      unread.push(number);
      continue;
    }
    const setting = settingOf(found, number);
    // `config.conf: |-`: text of another file, which is read by itself.
    if (/^[|>][+-]?$/.test(setting.value)) blockIndent = indent;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    (open.at(-1) ?? root).below.push(setting);
    open.push(setting);
  }
  return { settings: root.below, unread };
}

function settingOf(found: RegExpExecArray, line: number): OpenSetting {
  const key = (found[2] ?? found[3] ?? found[4]) as string;
  const written = (found[5] ?? '').replace(/(?:^| )#.*$/, '').trim();
  const indent = (found[1] as string).length;
  if (written.startsWith('[')) return { key, value: '', items: flowItems(written), below: [], line, indent };
  if (written.startsWith('{')) {
    const below = flowItems(written).map((pair) => {
      const colon = pair.indexOf(':');
      const name = colon < 0 ? pair : pair.slice(0, colon);
      return { key: plainValue(name.trim()), value: colon < 0 ? '' : plainValue(pair.slice(colon + 1).trim()), items: [], below: [], line };
    });
    return { key, value: '', items: [], below, line, indent };
  }
  return { key, value: plainValue(written), items: [], below: [], line, indent };
}

/** `[a, b]` or `{a: b, c: d}` without anything nested. */
function flowItems(text: string): string[] {
  const inside = text.replace(/^[[{]|[\]}]$/g, '');
  return inside.split(',').map((part) => plainValue(part.trim())).filter((part) => part !== '');
}

function plainValue(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted !== null) return quoted[2] as string;
  return text === 'null' || text === '~' ? '' : text;
}

/** The setting at a path of keys, or undefined. */
export function settingAt(settings: readonly YamlSetting[], ...path: readonly string[]): YamlSetting | undefined {
  let level = settings;
  let found: YamlSetting | undefined;
  for (const key of path) {
    found = level.find((setting) => setting.key === key);
    if (found === undefined) return undefined;
    level = found.below;
  }
  return found;
}
