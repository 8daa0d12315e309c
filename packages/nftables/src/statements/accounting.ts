import { ABSENT, type Count, countDecoder, type Line, node, parseCount, printCount, type Rules, type Template } from '@netdrift/core';
import type { Expression } from '../ast/expressions.ts';
import type { CounterStatement, LastStatement, LimitStatement, ObjectStatement, QuotaStatement, Statement } from '../ast/statements.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { isObject, type JsonObject, type JsonValue, member, numberOf, present, textOf } from '../json/json-value.ts';
import * as token from '../tokens.ts';
import { number, rate } from '../values.ts';
import { statementKind } from './kind.ts';

type Named = 'counter' | 'quota' | 'limit' | 'synproxy';

const namedObject =
  (object: Named) =>
  (_line: Line, name: Expression): Statement => ({
    kind: 'ObjectStatement',
    object,
    name: name.kind === 'Symbol' ? name.name : name,
  });

const BUILDERS = {
  counter: namedObject('counter'),
  quota: namedObject('quota'),
  limit: namedObject('limit'),
  synproxy: namedObject('synproxy'),
};

/** `name "c1"`, `name ip saddr map @m`: an object of the table in place of one of the rule's own. */
export function objectName($: Rules, object: Named): Template<Statement> {
  $.take(token.nameWord);
  return node(BUILDERS[object], $.rule<Expression>('value'));
}

/** What JSON shows in place of an object of the rule's own: its name, or a map that gives it. */
function objectFromJson(object: ObjectStatement['object'], content: JsonValue, reader: JsonReader): Statement | undefined {
  if (typeof content === 'string') return { kind: 'ObjectStatement', object, name: content };
  if (!isObject(content) || member(content, 'map') === undefined) return undefined;
  return { kind: 'ObjectStatement', object, name: reader.expression(content) };
}

const ofJson =
  (object: ObjectStatement['object'], own: (content: JsonObject) => Statement | undefined) =>
  (content: JsonValue, reader: JsonReader): Statement | undefined =>
    objectFromJson(object, content, reader) ?? own(isObject(content) ? content : {});

/** An object of the table is used; read by the rules of the statements that may stand in its place. */
export const objectStatement = statementKind<ObjectStatement>({
  kind: 'ObjectStatement',
  starts: [],
  rules: {},
  print: ({ object, name }, printer) => {
    const text = typeof name === 'string' ? `"${name}"` : printer.expression(name);
    return object.startsWith('ct ') ? `${object} set ${text}` : `${object} name ${text}`;
  },
  json: Object.fromEntries(
    (['ct helper', 'ct timeout', 'ct expectation'] as const).map((object) => [
      object,
      (content, reader) => objectFromJson(object, content, reader),
    ]),
  ),
  samples: ['counter name "c1"', 'ct helper set "sip-5060"', 'counter name ip saddr map @m5'],
});

const counterOf = (line: Line, packets: number, bytes: number): CounterStatement => ({
  kind: 'Counter',
  packets: line.read(packets, countDecoder),
  bytes: line.read(bytes, countDecoder),
});
const bareCounter = (): CounterStatement => ({ kind: 'Counter' });

/** JSON writes counters as numbers, which lose digits beyond 2^53. */
function countFromJson(object: JsonObject, key: string): Count | undefined {
  const value = numberOf(object, key);
  return value === undefined ? undefined : (parseCount(value.toString()) ?? undefined);
}

/** `counter packets 5 bytes 300` */
export const counterStatement = statementKind<CounterStatement>({
  kind: 'Counter',
  starts: ['counter'],
  rules: {
    counter: ($) => {
      $.take(token.counter);
      const tail = $.maybe(() => $.rule<Statement>('counterTail'));
      return node((_line, found: Statement | number): Statement => (typeof found === 'number' ? bareCounter() : found), tail);
    },
    counterTail: ($) =>
      $.choose<Template<Statement>>([
        () => {
          $.take(token.packets);
          const packets = $.take(token.plain, 0);
          $.take(token.bytes);
          return node(counterOf, packets, $.take(token.plain, 1));
        },
        () => objectName($, 'counter'),
      ]),
  },
  print: ({ packets, bytes }) =>
    packets === undefined || bytes === undefined ? 'counter' : `counter packets ${printCount(packets)} bytes ${printCount(bytes)}`,
  json: {
    counter: ofJson('counter', (content) => ({
      kind: 'Counter',
      ...present('packets', countFromJson(content, 'packets')),
      ...present('bytes', countFromJson(content, 'bytes')),
    })),
  },
  samples: ['counter packets 5 bytes 6', 'counter'],
});

const quotaOf = (line: Line, over: number, amount: number, unit: number, used: number, usedUnit: number): QuotaStatement => ({
  kind: 'Quota',
  ...(line.flag(over) ? { over: true } : {}),
  amount: line.read(amount, number),
  unit: line.name(unit),
  ...(line.flag(used) ? { used: line.read(used, number), usedUnit: line.name(usedUnit) } : {}),
});

const unit = ($: Rules, nth: number): number => $.choose([() => $.take(token.bytes, nth), () => $.take(token.byteUnit, nth)], { nth });

/** `quota over 25 mbytes used 3 mbytes` */
export const quotaStatement = statementKind<QuotaStatement>({
  kind: 'Quota',
  starts: ['quota'],
  rules: {
    quota: ($) => {
      $.take(token.quota);
      return $.choose<Template<Statement>>([() => objectName($, 'quota'), () => $.rule<Statement>('quotaAmount')]);
    },
    quotaAmount: ($) => {
      const over = $.maybe(() => $.take(token.over), 0);
      $.maybe(() => $.take(token.until), 1);
      const amount = $.take(token.plain, 0);
      const amountUnit = unit($, 0);
      const used = $.maybe(() => {
        $.take(token.used);
        const usedAmount = $.take(token.plain, 1);
        return node((_line, first: number, last: number): readonly [number, number] => [first, last], usedAmount, unit($, 1));
      }, 2);
      return node(
        (line, isOver: number, value: number, valueUnit: number, tail: readonly [number, number] | number) => {
          const [usedAmount, usedUnit] = typeof tail === 'number' ? [ABSENT, ABSENT] : tail;
          return quotaOf(line, isOver, value, valueUnit, usedAmount, usedUnit);
        },
        over,
        amount,
        amountUnit,
        used,
      );
    },
  },
  print: ({ over, amount, unit: shown, used, usedUnit }) =>
    `quota ${over === true ? 'over ' : ''}${amount} ${shown}${used === undefined ? '' : ` used ${used} ${usedUnit ?? 'bytes'}`}`,
  json: {
    quota: ofJson('quota', (content) => {
      const amount = numberOf(content, 'val');
      if (amount === undefined) return undefined;
      const used = numberOf(content, 'used');
      return {
        kind: 'Quota',
        ...(member(content, 'inv') === true ? { over: true } : {}),
        amount,
        unit: textOf(content, 'val_unit') ?? 'bytes',
        ...(used === undefined ? {} : { used, usedUnit: textOf(content, 'used_unit') ?? 'bytes' }),
      };
    }),
  },
  samples: ['quota over 1 mbytes', 'quota over 25 mbytes used 3 mbytes'],
});

const limitOf = (line: Line, over: number, value: number, byteRate: number, burst: number, burstUnit: number): LimitStatement => {
  const [rateUnit, per] = line.flag(byteRate) ? line.text(byteRate).split('/') : [];
  const paced = per === undefined ? line.read(value, rate) : { rate: line.read(value, number), per };
  return {
    kind: 'Limit',
    ...(line.flag(over) ? { over: true } : {}),
    rate: paced?.rate ?? 0,
    ...(rateUnit === undefined ? {} : { rateUnit }),
    per: paced?.per ?? '',
    ...(line.flag(burst) ? { burst: line.read(burst, number) } : {}),
    ...(line.flag(burstUnit) ? { burstUnit: line.name(burstUnit) } : {}),
  };
};

/** `limit rate over 10/minute burst 5 packets` */
export const limitStatement = statementKind<LimitStatement>({
  kind: 'Limit',
  starts: ['limit'],
  rules: {
    limit: ($) => {
      $.take(token.limit);
      return $.choose<Template<Statement>>([() => objectName($, 'limit'), () => $.rule<Statement>('limitRate')]);
    },
    limitRate: ($) => {
      $.take(token.rate);
      const over = $.maybe(() => $.take(token.over), 0);
      const value = $.take(token.plain, 0);
      const byteRate = $.maybe(() => $.take(token.byteRate), 1);
      const burst = $.maybe(() => {
        $.take(token.burst);
        return $.take(token.plain, 1);
      }, 2);
      const burstUnit = $.maybe(() => $.choose([() => $.take(token.bytes), () => $.take(token.byteUnit)]), 3);
      $.maybe(() => $.take(token.packets), 4);
      return node(limitOf, over, value, byteRate, burst, burstUnit);
    },
  },
  print: ({ over, rate: value, rateUnit, per, burst, burstUnit }) =>
    `limit rate ${over === true ? 'over ' : ''}${value}${rateUnit === undefined ? '' : ` ${rateUnit}`}/${per}${burst === undefined ? '' : ` burst ${burst} ${burstUnit ?? 'packets'}`}`,
  json: {
    limit: ofJson('limit', (content) => {
      const value = numberOf(content, 'rate');
      const per = textOf(content, 'per');
      if (value === undefined || per === undefined) return undefined;
      return {
        kind: 'Limit',
        ...(member(content, 'inv') === true ? { over: true } : {}),
        rate: value,
        ...present('rateUnit', packetsAside(textOf(content, 'rate_unit'))),
        per,
        ...present('burst', numberOf(content, 'burst')),
        ...present('burstUnit', packetsAside(textOf(content, 'burst_unit'))),
      };
    }),
  },
  samples: ['limit rate over 10/minute burst 5 packets', 'limit rate 1 mbytes/second burst 512 kbytes'],
});

function packetsAside(text: string | undefined): string | undefined {
  return text === 'packets' ? undefined : text;
}

const lastOf = (line: Line, used: number): LastStatement => ({ kind: 'Last', ...(line.flag(used) ? { used: line.name(used) } : {}) });

/** `last used 3s` */
export const lastStatement = statementKind<LastStatement>({
  kind: 'Last',
  starts: ['last'],
  rules: {
    last: ($) => {
      $.take(token.last);
      return node(
        lastOf,
        $.maybe(() => {
          $.take(token.used);
          return $.take(token.plain);
        }),
      );
    },
  },
  print: ({ used }) => (used === undefined ? 'last' : `last used ${used}`),
  json: { last: () => ({ kind: 'Last' }) },
  samples: ['last used never'],
});
