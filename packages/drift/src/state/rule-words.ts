import { portOfName } from '@netdrift/core';
import type { Condition } from './condition.ts';

/** The number of a port whose name is standard; another name as it is. */
export function portNumber(port: number | string): number | string {
  return typeof port === 'number' ? port : (portOfName(port) ?? port);
}

/** `8080:8089` */
export function portText(low: number | string, high: number | string): string {
  return low === high ? String(low) : `${low}:${high}`;
}

/** `0x4000` */
export function hexadecimal(value: number): string {
  return `0x${value.toString(16)}`;
}

/** The sign of a condition, as a save form has it. */
export function bang(not: boolean): string {
  return not ? '! ' : '';
}

/** A condition that is compared and never decided. */
export function other(match: string, not: boolean, text: string): Condition {
  return { kind: 'other', not, match, text };
}
