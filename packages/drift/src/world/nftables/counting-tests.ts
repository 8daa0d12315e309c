import { type CtCountStatement, type LimitStatement, printNftStatement, type QuotaStatement } from '@netdrift/nftables';
import type { Amounts, UnknownTest } from '../unknown-test.ts';
import { unknown } from './context.ts';

type Counting = LimitStatement | QuotaStatement | CtCountStatement;

/** `limit rate 5/second`, `quota 10 mbytes`, `ct count 20`: within the limit, or `over` it. What a quota has used is no part of it. */
export function countingTest(statement: Counting): UnknownTest {
  const text = printNftStatement(statement);
  const asked = statement.kind === 'Quota' ? printNftStatement(withoutUse(statement)) : text;
  const traits = { counts: true, about: [], usually: statement.over !== true, amounts: amountsOf(statement) } as const;
  return { ...unknown(text, false, traits), identity: asked };
}

function withoutUse({ used: _used, usedUnit: _unit, ...quota }: QuotaStatement): QuotaStatement {
  return quota;
}

const A_WEEK: Readonly<Record<string, number>> = { second: 604_800, minute: 10_080, hour: 168, day: 7, week: 1 };
const BYTES: Readonly<Record<string, number>> = { bytes: 1, kbytes: 1024, mbytes: 1024 ** 2 };
/** Of packets, where a text does not say it (nft(8), LIMIT STATEMENT). */
const USUAL_BURST = 5;

function amountsOf(statement: Counting): Amounts {
  const [of, most] = amountOf(statement);
  // What lies over a limit is the more the lower it is.
  return statement.over === true ? { of: `${of} over`, most: most.map((amount) => -amount) } : { of, most };
}

function amountOf(statement: Counting): [of: string, most: readonly number[]] {
  switch (statement.kind) {
    case 'CtCount':
      return ['ct count', [statement.count]];
    case 'Quota':
      return ['quota', [statement.amount * (BYTES[statement.unit] ?? 1)]];
    case 'Limit': {
      const { rate, rateUnit, per, burst, burstUnit = '' } = statement;
      const packets = rateUnit === undefined;
      const often = rate * (A_WEEK[per] ?? 1) * (packets ? 1 : (BYTES[rateUnit] ?? 1));
      return [`limit ${packets ? 'packets' : 'bytes'}`, [often, packets ? (burst ?? USUAL_BURST) : (burst ?? 0) * (BYTES[burstUnit] ?? 1)]];
    }
  }
}
