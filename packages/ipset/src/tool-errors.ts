import { phrase, type Phrase } from '@netdrift/core';
import type { IpsetErrorName, ToolError } from './ast.ts';

/**
 * What ipset, or the shell in its place, says when it cannot answer. Read in ipset 7.21: lib/errcode.c, lib/types.c,
 * lib/session.c. The first phrase that fits is taken.
 */
const ANSWERS: readonly (readonly [error: IpsetErrorName, words: string])[] = [
  ['set-not-found', 'ipset v{version}: The set with the given name does not exist'],
  ['permission-denied', 'ipset v{version}: Kernel error received: Operation not permitted'],
  ['permission-denied', 'ipset v{version}: You need to be root to perform this command.'],
  ['type-not-supported', 'ipset v{version}: Kernel error received: set type not supported'],
  ['type-not-supported', "ipset v{version}: Syntax error: typename '{name}' is unknown"],
  ['kernel-mismatch', 'ipset v{version}: Kernel and userspace incompatible: settype {name} with {reason}'],
  ['kernel-mismatch', 'ipset v{version}: Kernel-library incompatibility: {reason}'],
  ['kernel-mismatch', 'ipset v{version}: Kernel supports {name} type, family {reason}'],
  ['kernel-mismatch', 'ipset v{version}: Cannot communicate with kernel: {reason}'],
  ['kernel-not-reachable', 'ipset v{version}: Cannot open session to kernel.'],
  ['other', 'ipset v{version}: {reason}'],
  ['command-not-found', '{shell}: line {reason}: ipset: command not found'],
  ['command-not-found', '{shell}: ipset: command not found'],
  ['command-not-found', '{shell}: command not found: ipset'],
  ['command-not-found', '{shell}: {reason}: ipset: not found'],
  ['command-not-found', '{shell}: ipset: not found'],
  ['command-not-found', 'ipset: command not found'],
  ['command-not-found', "Command 'ipset' not found, but can be installed with:"],
  ['command-not-found', 'exec: "ipset": executable file not found in $PATH'],
  [
    'command-not-found',
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "ipset": executable file not found in $PATH: unknown',
  ],
];

const PHRASES: readonly (readonly [IpsetErrorName, Phrase])[] = ANSWERS.map(([error, words]) => [error, phrase(words)]);

/** Whether an error message may stand in a text: each of them names the tool. */
export function namesIpset(text: string): boolean {
  return text.includes('ipset');
}

/** The error that a line is, or `undefined` where the line is no error message. */
export function toolErrorOf(text: string, span: ToolError['span']): ToolError | undefined {
  if (!namesIpset(text)) return undefined;
  for (const [error, { words, read }] of PHRASES) {
    const parts = read(text);
    if (parts === undefined || /\s/.test(parts['version'] ?? '')) continue;
    return { kind: 'ToolError', error, tool: 'ipset', ...parts, wording: words, span };
  }
  return undefined;
}

/** The line that an error was. */
export function printToolError({ wording, version = '', shell = '', name = '', reason = '' }: ToolError): string {
  return phrase(wording).print({ version, shell, name, reason });
}
