import {
  type ConnbytesMatch,
  type Match,
  type OwnerMatch,
  type RateestMatch,
  type RecentMatch,
  printIptablesMatch,
} from '@netdrift/iptables';
import type { Field, Intervals } from '../field.ts';
import type { Test } from '../ir.ts';
import type { Amounts, UnknownTraits } from '../unknown-test.ts';
import { type MatchModel, unknownMatch } from './context.ts';

const MOST = Number.MAX_SAFE_INTEGER;

/**
 * A match that asks for the values of something no listing shows: two that ask for different values exclude one another, one that asks for
 * fewer implies one that asks for more.
 */
export function quantityModel<M extends Match>(
  note: string,
  name: string | ((match: M) => string),
  values: (match: M) => Intervals | undefined,
  about: readonly Field[] = [],
): MatchModel<M> {
  return {
    model: 'unknown',
    note,
    compile: (match, { family }) => {
      const called = typeof name === 'string' ? name : name(match);
      return [unknownMatch(match, family, { about, ...quantity(called, values(match)) })];
    },
  };
}

/** A match that lets more packets match the larger its amounts are. */
export function amountModel<M extends Match>(
  note: string,
  of: string,
  traits: (match: M) => UnknownTraits & { readonly most: readonly number[]; readonly of?: string },
): MatchModel<M> {
  return {
    model: 'unknown',
    note,
    compile: (match, { family }) => {
      const { most, of: more = '', ...rest } = traits(match);
      return [unknownMatch(match, family, { ...rest, counts: true, amounts: { of: `${of} ${more}`, most } })];
    },
  };
}

function quantity(name: string, values: Intervals | undefined): UnknownTraits {
  return values === undefined ? {} : { quantity: { name, in: values } };
}

/** `--ttl-lt 5` */
export function ttlValues({ compare, value }: { readonly compare: 'eq' | 'ne' | 'lt' | 'gt'; readonly value: number }): Intervals {
  switch (compare) {
    case 'eq':
      return [value, value];
    case 'ne':
      return value === 0 ? [1, MOST] : [0, value - 1, value + 1, MOST];
    case 'lt':
      return value === 0 ? [] : [0, value - 1];
    case 'gt':
      return [value + 1, MOST];
  }
}

/** `--connbytes 1000:`; numbers beyond what is counted exactly are left alone. */
export function connbytesValues({ low, high }: ConnbytesMatch): Intervals | undefined {
  const [from, to] = [Number(low), high === undefined ? MOST : Number(high)];
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to ? [from, to] : undefined;
}

/** A rate that an estimator compares with a number. */
export function rateestValues({ compare, first, delta, other }: RateestMatch): Intervals | undefined {
  if (first === undefined || delta === true || other !== undefined) return undefined;
  return ttlValues({ compare, value: first });
}

/** User and group are asked for one by one, each with its own sign. */
export function ownerTests(match: OwnerMatch, family: 'ipv4' | 'ipv6'): Test[] {
  const { user, group, socketExists, supplementaryGroups } = match;
  const tests: Test[] = [];
  for (const [key, condition, name] of [
    ['user', user, 'user'],
    ['group', group, supplementaryGroups === true ? 'groups' : 'group'],
  ] as const) {
    if (condition === undefined) continue;
    const { low, high, not } = condition;
    const asked: OwnerMatch = {
      kind: 'OwnerMatch',
      [key]: { ...condition, not: false },
      ...(key === 'group' && supplementaryGroups === true ? { supplementaryGroups } : {}),
    };
    // A process is in several supplementary groups at once.
    const values: Intervals | undefined =
      typeof low === 'number' && typeof high === 'number' && name !== 'groups' ? [low, high] : undefined;
    tests.push({ ...unknownMatch(asked, family, quantity(`owner ${name}`, values)), not });
  }
  if (socketExists !== undefined)
    tests.push({ ...unknownMatch({ kind: 'OwnerMatch', socketExists: { not: false } }, family), not: socketExists.not });
  return tests;
}

/** Hits within so many seconds: the longer it looks back, and the fewer hits it wants, the more packets match. */
export function recentAmounts({ seconds, hitCount, ...match }: RecentMatch, family: 'ipv4' | 'ipv6'): Amounts {
  return { of: printIptablesMatch({ ...match, not: false }, family), most: [seconds ?? MOST, -(hitCount ?? 1)] };
}

const A_DAY = { sec: 86_400, min: 1440, hour: 24, day: 1 } as const;

/** Packets a day. */
export function perDay(packets: number, unit: keyof typeof A_DAY): number {
  return packets * A_DAY[unit];
}
