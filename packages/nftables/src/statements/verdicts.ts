import { type Line, node, type Template } from '@netdrift/core';
import type { Verdict } from '../ast/statements.ts';
import { verdictFromJson } from '../json/elements.ts';
import * as token from '../tokens.ts';
import { statementKind } from './kind.ts';

const PLAIN = ['accept', 'drop', 'return', 'continue'] as const;
const plain = PLAIN.map((verdict) => ({ code: token.verdicts[verdict], build: (): Verdict => ({ kind: 'Verdict', verdict }) }));
const jumpTo = (line: Line, chain: number): Verdict => ({ kind: 'Verdict', verdict: 'jump', chain: line.name(chain) });
const goTo = (line: Line, chain: number): Verdict => ({ kind: 'Verdict', verdict: 'goto', chain: line.name(chain) });

export function printVerdict({ verdict, chain }: Verdict): string {
  return chain === undefined ? verdict : `${verdict} ${chain}`;
}

/** `accept`, `drop`, `return`, `continue`, `jump CHAIN`, `goto CHAIN` */
export const verdicts = statementKind<Verdict>({
  kind: 'Verdict',
  starts: ['verdict'],
  rules: {
    verdict: ($) =>
      $.choose<Template<Verdict>>([
        ...plain.map(({ code, build }) => () => {
          $.take(code);
          return node(build);
        }),
        () => {
          $.take(token.jump);
          return node(jumpTo, $.take(token.name, 0));
        },
        () => {
          $.take(token.goTo);
          return node(goTo, $.take(token.name, 1));
        },
      ]),
  },
  print: printVerdict,
  json: Object.fromEntries([...PLAIN, 'jump', 'goto'].map((word) => [word, (content) => verdictFromJson({ [word]: content })])),
  samples: ['accept', 'goto service-ECO34HEO-default/nginx/tcp/'],
});
