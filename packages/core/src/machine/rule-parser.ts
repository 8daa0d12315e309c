import {
  createToken,
  EmbeddedActionsParser,
  EOF,
  type IParserErrorMessageProvider,
  type IToken,
  type ParserMethod,
  type TokenType,
} from 'chevrotain';
import { ABSENT } from './absent.ts';
import type { Decisions } from './derivation.ts';
import type { Line } from './line.ts';
import { LazyLookahead } from './lazy-lookahead.ts';
import type { LineGrammarOptions, Mismatch, Occurrence, Rules } from './grammar-options.ts';
import type { Part, Template } from './template.ts';
import type { TokenCode, TokenSet } from './token-set.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

/**
 * The one place that touches Chevrotain: rules written with {@link Rules} run on an EmbeddedActionsParser whose tokens
 * have a type and an index and no text.
 */
export class RuleParser extends EmbeddedActionsParser {
  private readonly options: LineGrammarOptions;
  private readonly types: readonly TokenType[];
  private readonly methods = new Map<string, ParserMethod<[], Part>>();
  private length = 0;
  private rule = '';
  private ruleStart = 0;
  private decisions: number[] = [];

  constructor(options: LineGrammarOptions, validate: boolean) {
    const types = chevrotainTypes(options.tokens);
    const maxLookahead = options.lookahead ?? 1;
    super([...types], {
      maxLookahead,
      lookaheadStrategy: new LazyLookahead({ maxLookahead }),
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: SILENT,
    });
    this.options = options;
    this.types = types;
    const rules = this.facade();
    for (const [name, rule] of Object.entries(options.rules)) {
      this.methods.set(
        name,
        this.RULE(name, () => this.tracked(name, () => rule(rules))),
      );
    }
    try {
      this.performSelfAnalysis();
    } catch (error) {
      if (!validate) throw error;
    }
  }

  /** What Chevrotain's validation says. */
  problems(): readonly string[] {
    const errors = 'definitionErrors' in this && Array.isArray(this.definitionErrors) ? this.definitionErrors : [];
    return errors.map((error: { message: string }) => error.message);
  }

  /** What the grammar makes of a line, and the decisions it took on the way. */
  parseLine(line: Line): { readonly result: Template<unknown> | Mismatch; readonly decisions: Decisions } {
    const input: IToken[] = Array.from({ length: line.count }, (_, index) => this.token(line.type(index), index));
    this.length = line.count;
    this.input = input;
    // A line that left the grammar leaves its rule behind.
    this.rule = '';
    this.ruleStart = 0;
    const decisions: number[] = [];
    this.decisions = decisions;
    const template = withoutStackTraces((): unknown => this.method(this.options.start).call(this));
    const error = this.errors[0];
    if (error === undefined && isTemplate(template)) return { result: template, decisions };
    const at = error === undefined ? line.count : this.indexOf(error.token);
    return { result: { mismatch: true, at, rule: this.rule, ruleStart: this.ruleStart }, decisions };
  }

  private facade(): Rules {
    return {
      take: (type, nth = 0) => this.consume(nth, this.tokenType(type)).startOffset,
      maybe: <P extends Part>(part: () => P, nth = 0) => {
        const place = this.decide();
        const found = this.option(nth, part);
        if (found !== undefined) this.decisions[place] = 1;
        return found ?? ABSENT;
      },
      repeat: <P extends Part>(part: () => P, nth = 0) => {
        const place = this.decide();
        const parts: P[] = [];
        this.many(nth, () => {
          parts.push(part());
        });
        this.decisions[place] = parts.length;
        return parts;
      },
      choose: <P extends Part>(parts: readonly (() => P)[], { nth = 0, lookahead }: Occurrence = {}) => {
        const place = this.decide();
        const DEF = parts.map((part, index) => ({
          ALT: () => {
            this.decisions[place] = index;
            return part();
          },
        }));
        return lookahead === undefined ? this.or(nth, DEF) : this.or(nth, { DEF, MAX_LOOKAHEAD: lookahead });
      },
      rule: <N>(name: string, nth = 0) => {
        // Each rule's own template was type-checked where it was written; the reference states its node type.
        return this.subrule(nth, this.method(name)) as Template<N>;
      },
      next: () => this.indexOf(this.LA(1)),
    };
  }

  /** Keeps a place for a decision, which is taken before those inside the part it is about. */
  private decide(): number {
    return this.decisions.push(0) - 1;
  }

  /** Remembers which rule is being read, so that a mismatch can say where it began. */
  private tracked(name: string, rule: () => Part): Part {
    if (this.RECORDING_PHASE) return rule();
    const outer = this.rule;
    const outerStart = this.ruleStart;
    this.rule = name;
    this.ruleStart = this.indexOf(this.LA(1));
    const part = rule();
    this.rule = outer;
    this.ruleStart = outerStart;
    return part;
  }

  private method(name: string): ParserMethod<[], Part> {
    const method = this.methods.get(name);
    if (method === undefined) throw new Error(`grammar has no rule ${name}`);
    return method;
  }

  private tokenType(code: TokenCode): TokenType {
    const type = this.types[code];
    if (type === undefined) throw new Error(`no token type has code ${code}`);
    return type;
  }

  private token(code: TokenCode, index: number): IToken {
    const tokenType = this.tokenType(code);
    return { image: '', startOffset: index, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 };
  }

  private indexOf(token: IToken): number {
    return token.tokenType === EOF ? this.length : token.startOffset;
  }
}

/** Types in Chevrotain's form; its numbers are global and stay in here. */
function chevrotainTypes(tokens: TokenSet): readonly TokenType[] {
  const types: TokenType[] = [];
  for (const { name, categories } of tokens.definitions) {
    const wider = categories.map((code) => types[code]).filter((type) => type !== undefined);
    types.push(createToken({ name, categories: wider }));
  }
  return types;
}

/** Messages are made by the parsers from facts; building Chevrotain's would cost more than the parse. */
const SILENT: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: () => '',
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
};

function isTemplate(part: unknown): part is Template<unknown> {
  return typeof part === 'object' && part !== null && 'build' in part;
}
