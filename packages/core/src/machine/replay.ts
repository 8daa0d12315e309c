import { ABSENT } from './absent.ts';
import type { Decisions } from './derivation.ts';
import type { Line } from './line.ts';
import type { LineGrammarOptions, Rules } from './grammar-options.ts';
import type { Part, Template } from './template.ts';
import type { TokenCode } from './token-set.ts';

/** Decisions that do not lead through the line: they were taken in another version of the grammar. */
const ASTRAY = new Error('known shape does not fit the grammar');

/**
 * Runs the rules of a grammar on a line by decisions taken before, and gives the template that taking them gave. Undefined where they do
 * not fit the rules: every token is compared with what the rule asks for.
 */
export function replay(options: LineGrammarOptions, line: Line, decisions: Decisions): Template<unknown> | undefined {
  const rules = new ReplayedRules(options, line, decisions);
  try {
    return rules.wholeLine();
  } catch (error) {
    if (error === ASTRAY) return undefined;
    throw error;
  }
}

/** Rules whose every decision is known. */
class ReplayedRules implements Rules {
  private readonly options: LineGrammarOptions;
  private readonly line: Line;
  private readonly decisions: Decisions;
  private at = 0;
  private taken = 0;

  constructor(options: LineGrammarOptions, line: Line, decisions: Decisions) {
    this.options = options;
    this.line = line;
    this.decisions = decisions;
  }

  wholeLine(): Template<unknown> {
    const template = this.rule<unknown>(this.options.start);
    if (this.at !== this.line.count || this.taken !== this.decisions.length) throw ASTRAY;
    return template;
  }

  take(type: TokenCode): number {
    const { at } = this;
    if (at >= this.line.count || !this.counts(this.line.type(at), type)) throw ASTRAY;
    this.at = at + 1;
    return at;
  }

  maybe<P extends Part>(part: () => P): P | typeof ABSENT {
    return this.decide() === 0 ? ABSENT : part();
  }

  repeat<P extends Part>(part: () => P): P[] {
    const parts: P[] = [];
    for (let left = this.decide(); left > 0; left -= 1) parts.push(part());
    return parts;
  }

  choose<P extends Part>(parts: readonly (() => P)[]): P {
    const part = parts[this.decide()];
    if (part === undefined) throw ASTRAY;
    return part();
  }

  rule<N>(name: string): Template<N> {
    const rule = this.options.rules[name];
    if (rule === undefined) throw ASTRAY;
    // Each rule's own template was type-checked where it was written; the reference states its node type.
    return rule(this) as Template<N>;
  }

  next(): number {
    return this.at;
  }

  private decide(): number {
    const decision = this.decisions[this.taken];
    if (decision === undefined) throw ASTRAY;
    this.taken += 1;
    return decision;
  }

  /** Whether a token of this type may stand where the wider one is asked for. */
  private counts(type: TokenCode, asked: TokenCode): boolean {
    if (type === asked) return true;
    const categories = this.options.tokens.definitions[type]?.categories ?? [];
    return categories.some((wider) => this.counts(wider, asked));
  }
}
