import type { TokenCode } from '@netdrift/core';
import { signs } from '../tokens.ts';
import { isSpace, NEWLINE } from './characters.ts';

/** Signs that are one wherever they stand, the longer ones first. */
const ANYWHERE = (['==', '!=', '<=', '>=', '<<', '>>', '=', '!', '<', '>', '&', '|', '^', '(', ')'] as const).map((text) => ({
  first: text.charCodeAt(0),
  second: text.charCodeAt(1),
  length: text.length,
  code: signs[text],
}));

/** Signs that are one only where a blank follows: otherwise they begin a word. */
const ALONE = (['.', ':', '/', '-', '+', '*'] as const).map((text) => ({ first: text.charCodeAt(0), length: 1, code: signs[text] }));

/** The sign that stands at a place, or nothing where a word begins there. */
export function signAt(bytes: Uint8Array, at: number, end: number): { readonly code: TokenCode; readonly length: number } | undefined {
  const first = bytes[at];
  for (const sign of ANYWHERE) {
    if (sign.first === first && (sign.length === 1 || sign.second === bytes[at + 1])) return sign;
  }
  const next = at + 1 < end ? bytes[at + 1] : NEWLINE;
  const isAlone = isSpace(next) || next === NEWLINE || next === 0x22 || next === 0x7b || next === 0x3b;
  return isAlone ? ALONE.find((sign) => sign.first === first) : undefined;
}
