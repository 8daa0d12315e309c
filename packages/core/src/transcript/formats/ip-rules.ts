import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';

/** One rule of the routing policy. */
export interface ShownRoutingRule {
  readonly priority: number;
  /** What packets it asks for, and what it does where it looks into no table. */
  readonly selector: string;
  /** `0x4000/0x4000` of a rule that asks for a mark. */
  readonly mark?: string;
  readonly table?: string;
  readonly line: number;
}

/** What `ip rule` shows. */
export interface RoutingRules {
  readonly kind: 'RoutingRules';
  readonly rules: readonly ShownRoutingRule[];
}

/** `32766:	from all lookup main` */
const RULE = /^(\d{1,10}):\s+((?:not )?from (?:all|[\da-f.:/]+)(?:\s.*)?)$/;

/** `ip rule` and `ip -6 rule` (iproute2 ip/iprule.c, print_rule). */
export const ipRules = {
  tool: 'ip',
  form: 'rules',
  programs: ['ip'],
  blank: 'drop',
  starts: (line) => (RULE.test(line) ? 'title' : undefined),
  continues: (line) => RULE.test(line),
  title: 'ip rule',
  read: (text): RoutingRules | undefined => {
    const rules: ShownRoutingRule[] = [];
    for (const { text: line, number } of textLines(text)) {
      const [, priority, words] = RULE.exec(line.trimEnd()) ?? [];
      if (priority === undefined || words === undefined) {
        if (line.trim() !== '') return undefined;
        continue;
      }
      const [, mark] = /\bfwmark (\S+)/.exec(words) ?? [];
      const [, table] = /\blookup (\S+)/.exec(words) ?? [];
      rules.push({
        priority: Number(priority),
        selector: words.replace(/ ?\blookup \S+/, ''),
        ...(mark === undefined ? {} : { mark }),
        ...(table === undefined ? {} : { table }),
        line: number,
      });
    }
    return rules.length === 0 ? undefined : { kind: 'RoutingRules', rules };
  },
} as const satisfies Format;
