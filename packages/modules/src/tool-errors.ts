import { phrase, type Phrase, type PhraseParts } from '@netdrift/core';
import type { ModuleErrorName, ToolError } from './ast.ts';

type Answer = readonly [error: ModuleErrorName, words: string];

/**
 * What the tools say when they cannot answer: kmod 30, module-init-tools, busybox 1.35 (modutils/), and the shell or cat in
 * their place. The first phrase that fits is taken.
 */
const ANSWERS: readonly Answer[] = [
  ['module-not-found', '{tool}: {level}: Module {name} not found in directory {place}'],
  ['module-not-found', '{tool}: {level}: Module {name} not found.'],
  ['module-not-found', 'FATAL: Module {name} not found.'],
  ['module-not-found', '{tool}: module {name} not found in modules.dep'],
  ['module-not-found', "{tool}: module '/lib/modules/{place}/{name}' not found"],
  ['module-not-found', "{tool}: module '{name}' not found"],
  ['module-in-use', '{tool}: {level}: Module {name} is in use.'],
  ['module-in-use', '{tool}: {level}: Module {name} is in use by: {reason}'],
  ['module-not-loaded', '{tool}: {level}: Module {name} is not currently loaded'],
  ['module-refused', "{tool}: {level}: could not insert '{name}': {reason}"],
  ['module-refused', "{tool}: {level}: could not remove '{name}': {reason}"],
  ['module-refused', '{tool}: {level}: could not insert module {name}: {reason}'],
  ['module-refused', '{tool}: {level}: could not remove module {name}: {reason}'],
  ['file-not-found', '{tool}: {level}: could not load module {place}: No such file or directory'],
  ['file-not-found', "{tool}: can't insert '{place}': No such file or directory"],
  ['module-refused', "{tool}: can't insert '{place}': {reason}"],
  ['module-not-loaded', "{tool}: can't unload module '{name}': No such file or directory"],
  ['module-refused', "{tool}: can't unload module '{name}': {reason}"],
  ['module-refused', "{tool}: can't load module {name} ({place}): {reason}"],
  ['file-not-found', "{tool}: can't change directory to '{place}': No such file or directory"],
  ['file-not-found', "{tool}: {level}: could not open moddep file '{place}'"],
  ['file-not-found', '{tool}: {place}: No such file or directory'],
  ['permission-denied', '{tool}: {place}: Permission denied'],
  ['command-not-found', '{shell}: {tool}: command not found'],
  ['command-not-found', '{shell}: command not found: {tool}'],
  ['command-not-found', '{shell}: {tool}: not found'],
  ['command-not-found', '{shell}: line {reason}: {tool}: command not found'],
  ['command-not-found', '{shell}: {reason}: {tool}: not found'],
];

const PHRASES: readonly (readonly [ModuleErrorName, Phrase])[] = ANSWERS.map(([error, words]) => [error, phrase(words)]);

/** The tools that print only what they are asked for, or an error that begins with their name. */
const TOOLS: readonly string[] = ['modprobe', 'insmod', 'rmmod', 'modinfo', 'lsmod', 'depmod', 'libkmod', 'cat', 'grep', 'egrep', 'zgrep'];

const LEVELS: readonly string[] = ['FATAL', 'ERROR', 'WARNING'];

/** The error that a line is, or `undefined` where the line is no error message. */
export function toolErrorOf(text: string, span: ToolError['span']): ToolError | undefined {
  if (!text.includes(': ')) return undefined;
  for (const [error, { words, read }] of PHRASES) {
    const parts = read(text);
    if (parts !== undefined && isPlausible(parts))
      return { kind: 'ToolError', error: refined(error, parts), ...parts, wording: words, span };
  }
  const tool = TOOLS.find((name) => text.startsWith(`${name}: `));
  return tool === undefined ? undefined : { kind: 'ToolError', error: 'other', tool, wording: text, span };
}

/** Keeps a sentence that only looks alike from being read: a tool and a level are words, a module's name has no blank. */
function isPlausible({ tool, level, name, shell }: PhraseParts): boolean {
  if (tool !== undefined && (shell === undefined ? !TOOLS.includes(tool) : /\s/.test(tool))) return false;
  return (level === undefined || LEVELS.includes(level)) && (name === undefined || !/\s/.test(name));
}

/** A refusal for want of rights says nothing of the module. */
function refined(error: ModuleErrorName, { reason }: PhraseParts): ModuleErrorName {
  if (error !== 'module-refused') return error;
  return reason === 'Operation not permitted' || reason === 'Permission denied' ? 'permission-denied' : error;
}

/** The line that an error was. */
export function printToolError({ error, wording, tool, shell, level, name, place, reason }: ToolError): string {
  if (error === 'other') return wording;
  const parts = Object.entries({ tool, shell, level, name, place, reason }).filter(
    (part): part is [string, string] => part[1] !== undefined,
  );
  return phrase(wording).print(Object.fromEntries(parts));
}
