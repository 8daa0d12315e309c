import type { Program } from './program.ts';
import type { Space } from './space.ts';

/** The chains that lead to another one, directly or not. */
export interface Leading {
  readonly programs: readonly Program[];
  /** Each stands behind those that it leads to; where some lead to each other there is no such order. */
  readonly inOrder: boolean;
}

/** The chains that lead to a chain of a table, on the side after or among those that are gone there. */
export function leadingTo(name: string, table: string, [one, other]: Space['sides']): Leading {
  const [gone, shown] = [one.callers(table), other.callers(table)];
  const isShown = (program: Program): boolean => other.programs.get(table)?.has(program.name) === true;
  const callersFor = (chain: string): Set<Program> =>
    new Set([
      ...(shown.get(chain) ?? []).map(({ program }) => program),
      ...(gone.get(chain) ?? []).map(({ program }) => program).filter((program) => !isShown(program)),
    ]);
  // How many of the chains that lead there each of them jumps to.
  const open = new Map<Program, number>();
  const callers = new Map<string, Set<Program>>();
  for (const work = [name]; work.length > 0;) {
    const chain = work.pop() as string;
    if (callers.has(chain)) continue;
    const found = callersFor(chain);
    callers.set(chain, found);
    for (const program of found) {
      open.set(program, (open.get(program) ?? 0) + 1);
      work.push(program.name);
    }
  }
  const ordered: Program[] = [];
  const close = (chain: string): void => {
    for (const program of callers.get(chain) ?? []) {
      const left = (open.get(program) as number) - 1;
      open.set(program, left);
      if (left === 0) ordered.push(program);
    }
  };
  close(name);
  for (const { name: next } of ordered) close(next);
  const inOrder = ordered.length === open.size && !ordered.some((program) => program.name === name);
  return { programs: inOrder ? ordered : [...open.keys()], inOrder };
}
