import { skipBlanks, type Span } from '@netdrift/core';
import type { IpvsadmErrorName, ToolError } from './ast.ts';
import type { Draft } from './draft.ts';
import type { SourceLine } from './source-line.ts';

/** A message with slots: `{name}` is the thing it is about, `{reason}` a reason, `{place}` what else it names. */
interface KnownMessage {
  readonly wording: string;
  readonly error: IpvsadmErrorName;
  readonly tool: string;
}

/**
 * Messages on standard error of ipvsadm (ipvsadm.c and the table in libipvs.c, 1.24 to 1.31), of modprobe which it runs
 * to load `ip_vs`, of the shells and of cat.
 */
const known: readonly KnownMessage[] = [
  { wording: "Can't initialize ipvs: Permission denied (you must be root)", error: 'permission-denied', tool: 'ipvsadm' },
  { wording: "Can't initialize ipvs: {reason}", error: 'ipvs-not-available', tool: 'ipvsadm' },
  { wording: 'Are you sure that IP Virtual Server is built in the kernel or as module?', error: 'ipvs-not-available', tool: 'ipvsadm' },
  { wording: 'Memory allocation problem', error: 'out-of-memory', tool: 'ipvsadm' },
  { wording: 'No such service', error: 'no-such-service', tool: 'ipvsadm' },
  { wording: 'Service not defined', error: 'no-such-service', tool: 'ipvsadm' },
  { wording: 'No such destination', error: 'no-such-destination', tool: 'ipvsadm' },
  { wording: 'Service already exists', error: 'service-exists', tool: 'ipvsadm' },
  { wording: 'Destination already exists', error: 'destination-exists', tool: 'ipvsadm' },
  { wording: 'Scheduler not found', error: 'no-such-scheduler', tool: 'ipvsadm' },
  { wording: 'Scheduler or persistence engine not found', error: 'no-such-scheduler', tool: 'ipvsadm' },
  { wording: 'Permission denied (you must be root)', error: 'permission-denied', tool: 'ipvsadm' },
  // What strerror says of a scheduler the kernel does not have, in versions before 1.26.
  { wording: 'No such device or address', error: 'no-such-device', tool: 'ipvsadm' },
  { wording: 'No such file or directory', error: 'no-such-file', tool: 'ipvsadm' },
  { wording: 'options conflicts in the list command', error: 'option-conflict', tool: 'ipvsadm' },
  { wording: 'modprobe: FATAL: Module {name} not found in directory {place}', error: 'module-not-found', tool: 'modprobe' },
  { wording: 'modprobe: FATAL: Module {name} not found.', error: 'module-not-found', tool: 'modprobe' },
  { wording: "modprobe: ERROR: could not insert '{name}': Operation not permitted", error: 'permission-denied', tool: 'modprobe' },
  { wording: 'modprobe: module {name} not found in modules.dep', error: 'module-not-found', tool: 'modprobe' },
  { wording: "modprobe: can't change directory to '{place}': No such file or directory", error: 'no-such-file', tool: 'modprobe' },
  { wording: 'zsh: command not found: {name}', error: 'command-not-found', tool: 'zsh' },
  { wording: '{place}: {name}: command not found', error: 'command-not-found', tool: 'sh' },
  { wording: '{place}: line {reason}: {name}: command not found', error: 'command-not-found', tool: 'sh' },
  { wording: '{place}: {reason}: {name}: not found', error: 'command-not-found', tool: 'sh' },
  { wording: '{place}: {name}: not found', error: 'command-not-found', tool: 'sh' },
  { wording: 'cat: {name}: No such file or directory', error: 'no-such-file', tool: 'cat' },
  { wording: 'cat: {name}: Permission denied', error: 'permission-denied', tool: 'cat' },
  { wording: '{place}: {name}: Permission denied', error: 'permission-denied', tool: 'sh' },
  { wording: '{name}: command not found', error: 'command-not-found', tool: 'sh' },
  { wording: "Command '{name}' not found, but can be installed with:", error: 'command-not-found', tool: 'sh' },
  { wording: 'exec: "{name}": executable file not found in $PATH', error: 'command-not-found', tool: 'exec' },
  // docker exec, kubectl exec into a container that has no ipvsadm
  {
    wording:
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "{name}": executable file not found in $PATH: unknown',
    error: 'command-not-found',
    tool: 'exec',
  },
  {
    wording:
      'OCI runtime exec failed: exec failed: container_linux.go:{reason}: starting container process caused: exec: "{name}": executable file not found in $PATH: unknown',
    error: 'command-not-found',
    tool: 'exec',
  },
  { wording: '{name}: unknown option', error: 'unknown-option', tool: 'ipvsadm' },
];

type Slot = 'name' | 'reason' | 'place';
type Piece = { readonly literal: string } | { readonly slot: Slot };

const pieces = new Map(known.map((message) => [message.wording, piecesOf(message.wording)]));

function piecesOf(wording: string): readonly Piece[] {
  return wording
    .split(/(\{[a-z]+\})/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? { slot: slotOf(part) } : { literal: part }));
}

function slotOf(part: string): Slot {
  return part === '{name}' ? 'name' : part === '{reason}' ? 'reason' : 'place';
}

/** Longest line that is compared: no message of these tools is longer. */
const LONGEST = 300;

/** The failure that a line tells, if it is a known message. */
export function parseToolMessage(line: SourceLine): ToolError | undefined {
  const start = skipBlanks(line.bytes, line.start, line.end);
  if (line.end - start > LONGEST) return undefined;
  const text = line.source.slice(start, line.end).trimEnd();
  for (const message of known) {
    const slots = slotsOf(text, pieces.get(message.wording) ?? []);
    if (slots === undefined) continue;
    return { kind: 'ToolError', error: message.error, tool: message.tool, wording: message.wording, ...slots, span: line.lineSpan() };
  }
  return undefined;
}

type Slots = Partial<Record<Slot, string>>;

/** A slot takes text up to the literal behind it; only the last one may hold blanks. */
function slotsOf(text: string, parts: readonly Piece[]): Slots | undefined {
  const slots: Slots = {};
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if ('literal' in part) {
      if (!text.startsWith(part.literal, at)) return undefined;
      at += part.literal.length;
      continue;
    }
    const next = parts[index + 1];
    const end = next !== undefined && 'literal' in next ? text.indexOf(next.literal, at) : text.length;
    if (end <= at) return undefined;
    const found = text.slice(at, end);
    if (next !== undefined && found.includes(' ')) return undefined;
    slots[part.slot] = found;
    at = end;
  }
  return at === text.length ? slots : undefined;
}

const hint = 'Are you sure that IP Virtual Server is built in the kernel or as module?';

/** One failure from the messages of a text: the last one of ipvsadm, after those of the tools it ran. */
export function toolErrorOf(messages: readonly ToolError[], span: Span): ToolError | undefined {
  const last = messages.at(-1);
  const previous = messages.at(-2);
  if (last === undefined) return undefined;
  const hinted = last.wording === hint && previous?.wording.startsWith("Can't initialize ipvs: ") === true;
  const error: Draft<ToolError> = hinted ? { ...previous, wording: `${previous.wording}\n${hint}` } : { ...last };
  const before = messages.slice(0, hinted ? -2 : -1);
  if (before.length > 0) error.after = before;
  error.span = span;
  return error;
}

/** The message in the tool's words. */
export function printToolError(error: ToolError): string {
  const before = (error.after ?? []).map(printToolError).join('');
  const parts = piecesOf(error.wording).map((part) => ('literal' in part ? part.literal : (error[part.slot] ?? '')));
  return `${before}${parts.join('')}\n`;
}
