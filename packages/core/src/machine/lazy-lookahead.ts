import { LLkLookaheadStrategy, type ILookaheadStrategy } from 'chevrotain';

/**
 * Chevrotain works out how every decision of a grammar looks ahead while the parser is made, which for a hundred
 * extensions takes longer than reading a table. This strategy does the same at the first time a decision is met.
 */
export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(
    ...args: Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>
  ): ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']> {
    let built: ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']> | undefined;
    const build = () => super.buildLookaheadForAlternation(...args);
    return function decide(this: unknown, ...rest) {
      built ??= build();
      return built.apply(this, rest);
    };
  }

  override buildLookaheadForOptional(
    ...args: Parameters<ILookaheadStrategy['buildLookaheadForOptional']>
  ): ReturnType<ILookaheadStrategy['buildLookaheadForOptional']> {
    let built: ReturnType<ILookaheadStrategy['buildLookaheadForOptional']> | undefined;
    const build = () => super.buildLookaheadForOptional(...args);
    return function decide(this: unknown, ...rest) {
      built ??= build();
      return built.apply(this, rest);
    };
  }
}
