import type { Duration, Expression, SetElement } from '../ast/expressions.ts';
import type { ObjectSetting, SetFlags } from '../ast/ruleset.ts';
import type { Statement } from '../ast/statements.ts';

/** What the head of a block or a command is about. */
export interface HeadLine {
  readonly kind: 'Head';
  readonly verb?: string;
  readonly subject: 'table' | 'chain' | 'rule' | 'set' | 'map' | 'element' | 'ruleset' | 'flowtable' | 'object';
  /** The words of the subject as written: `ct helper`. */
  readonly word: string;
  readonly family?: string;
  readonly names: readonly string[];
  readonly handle?: number;
  readonly owner?: string;
  /** What stands behind the names and belongs to no block. */
  readonly rest?: string;
}

/** A priority before it is known of which hook: `dstnat - 10`. */
export interface WrittenPriority {
  readonly name?: string;
  readonly value?: number;
  readonly offset?: number;
}

/** What one line says, wherever it stands. */
export type NftLineNode =
  | HeadLine
  | { readonly kind: 'TableSetting'; readonly flags?: readonly string[]; readonly comment?: string }
  | {
      readonly kind: 'HookLine';
      readonly type: string;
      readonly hook: string;
      readonly devices?: readonly string[];
      readonly priority: WrittenPriority;
    }
  | { readonly kind: 'ChainSetting'; readonly policy?: 'accept' | 'drop'; readonly flags?: readonly string[]; readonly comment?: string }
  | { readonly kind: 'RuleLine'; readonly statements: readonly Statement[]; readonly comment?: string; readonly handle?: number }
  | SetLine
  | { readonly kind: 'ElementLine'; readonly element: SetElement }
  | { readonly kind: 'ObjectLine'; readonly setting: ObjectSetting };

/** One line of the block of a set or map. */
export interface SetLine {
  readonly kind: 'SetLine';
  readonly type?: readonly string[];
  readonly dataType?: readonly string[];
  readonly dataInterval?: true;
  readonly typeof?: Expression;
  readonly dataTypeof?: Expression;
  readonly policy?: string;
  readonly size?: number;
  readonly count?: number;
  readonly flags?: SetFlags;
  readonly statements?: readonly Statement[];
  readonly autoMerge?: true;
  readonly timeout?: Duration;
  readonly gcInterval?: Duration;
  readonly comment?: string;
  readonly elements?: readonly SetElement[];
}
