import { type Rule, RULES, severityPainter } from '@netdrift/drift';
import { NOTHING } from '../exit-status.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { nearestId } from '../policy/known-id.ts';
import { Trouble } from '../trouble.ts';
import type { ColorOptions } from '../command-line/options.ts';
import { colorsOutput } from '../output/color.ts';

/** Options of `netdrift rules`. */
export interface RulesOptions extends ColorOptions {
  readonly format: 'text' | 'json';
}

/** What `netdrift rules --format json` prints. */
export interface RulesDocument {
  readonly schemaVersion: '1.1';
  readonly rules: readonly Rule[];
}

/**
 * `netdrift rules`: everything that is reported, or one id of it; gives the exit status.
 *
 * @throws {@link Trouble} for an id that nothing has.
 */
export async function rules(id: string | undefined, { format, color }: RulesOptions): Promise<number> {
  const chosen = id === undefined ? [...RULES.values()] : [ruleOf(id)];
  await new StandardOutput().write(
    format === 'json'
      ? asJson(chosen)
      : id === undefined
        ? asList(chosen, colorsOutput(color))
        : await explained(ruleOf(id), colorsOutput(color)),
  );
  return NOTHING;
}

function ruleOf(id: string): Rule {
  const rule = RULES.get(id);
  if (rule === undefined) throw new Trouble(`nothing has the id ${id}; the nearest is ${nearestId(id)}`);
  return rule;
}

function asJson(chosen: readonly Rule[]): string {
  const document: RulesDocument = { schemaVersion: '1.1', rules: chosen };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const HEADINGS = {
  change: 'Changes between two snapshots (diff)',
  finding: 'Findings in one snapshot (check)',
  cause: 'Causes that explain several changes (diff)',
} as const;

function asList(chosen: readonly Rule[], color: boolean): string {
  const paint = severityPainter(color);
  const level = ({ severity }: Rule): string =>
    (severity === 'by effect' ? severity : paint(severity, severity)) + ' '.repeat(9 - severity.length);
  const parts = (['change', 'finding', 'cause'] as const).map((kind) => {
    const rows = chosen
      .filter((rule) => rule.kind === kind)
      .map((rule) => `${level(rule)}  ${rule.id}\n           ${rule.title}: ${rule.why}\n`);
    return `${HEADINGS[kind]}\n\n${rows.join('')}`;
  });
  return parts.join('\n');
}

async function explained(rule: Rule, color: boolean): Promise<string> {
  const { kind, id, severity, title, why, mirror } = rule;
  const other = mirror === undefined || mirror === id ? [] : [['the other direction', mirror] as const];
  const rows = [
    ['what is so', title],
    [kind === 'cause' ? 'recognised by' : 'what it means', why],
    ['severity', SEVERITIES[severity]],
    ...other,
  ] as const;
  const { exampleText } = await import('../rules/example-text.ts');
  return `${id} (${kind})\n\n${rows.map(([label, text]) => `  ${label.padEnd(20)} ${text}\n`).join('')}${exampleText(rule, color)}`;
}

const SEVERITIES: Readonly<Record<Rule['severity'], string>> = {
  'by effect': 'by effect: it depends on what happens to traffic',
  none: 'none: no effect on traffic',
  notice: 'notice: traffic is still served, in another way',
  warning: 'warning: some traffic may fail, or something is open that was not',
  critical: 'critical: traffic that was served no longer is',
};
