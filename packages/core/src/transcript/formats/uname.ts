import type { Format } from '../format.ts';

/** The kernel's release, and the node's name where it is shown. */
export interface KernelRelease {
  readonly kind: 'KernelRelease';
  readonly release: string;
  /** The node's name, where the text shows it. */
  readonly node?: string;
}

// Linux node-1 6.1.0-50-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux
const WHOLE = /^Linux (\S+) (\d+\.\d+\S*) #/;

function read(text: string): KernelRelease | undefined {
  const line = text.trim();
  if (line.includes('\n')) return undefined;
  const [, node, release] = WHOLE.exec(line) ?? [];
  if (node !== undefined && release !== undefined) return { kind: 'KernelRelease', release, node };
  return /^\d+\.\d+\.\d+[-+.]\S+$/.test(line) ? { kind: 'KernelRelease', release: line } : undefined;
}

/** `uname -a` */
export const unameSystem = {
  tool: 'uname',
  form: 'system',
  programs: ['uname'],
  blank: 'end',
  starts: (line) => (/^Linux \S+ \d+\.\d+\S* #/.test(line) ? 'title' : undefined),
  continues: () => false,
  title: 'uname',
  read,
} as const satisfies Format;

/** `uname -r`: a version alone, which only the command tells. */
export const unameRelease = {
  tool: 'uname',
  form: 'release',
  blank: 'end',
  starts: (line, { command = '' }) => (/\buname\s+-r\b/.test(command) && /^\d+\.\d+\.\S+\s*$/.test(line) ? 'row' : undefined),
  continues: () => false,
} as const satisfies Format;
