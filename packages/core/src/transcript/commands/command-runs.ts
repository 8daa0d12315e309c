import type { OpenSection } from '../open-section.ts';
import type { SectionTool } from '../section.ts';

/** Tools of which one run shows a title, a table or a chain once, with their programs: DPVS has an ipvsadm of its own. */
const ONCE: ReadonlyMap<SectionTool, string> = new Map([
  ['ipvsadm', 'ipvsadm'],
  ['dpvs', 'ipvsadm'],
  ['iptables', 'iptables'],
  ['ipset', 'ipset'],
  ['modules', 'modules'],
]);

/** What one run of a tool has shown. */
interface Shown {
  readonly run: number;
  readonly form: string;
  readonly keys: ReadonlySet<string>;
}

/**
 * Tells the outputs of one command apart: where something that a run shows once is there again, another run made it, as in
 * `iptables -t nat -nL; iptables -nL` – or nobody knows what, where the command runs the tool no more.
 */
export class CommandRuns {
  private readonly shown = new Map<string, Shown>();

  /** The next outputs are those of another command. */
  reset(): void {
    this.shown.clear();
  }

  /** Which run of its tool made a section, from 0. */
  runOf({ format: { tool, form }, host = '', seen }: OpenSection): number {
    const program = ONCE.get(tool);
    const key = `${program ?? tool} ${host}`;
    const before = this.shown.get(key);
    if (program === undefined || form === 'error' || form === 'version') return before?.run ?? 0;
    const isNext = before !== undefined && (before.form !== form || [...seen].some((shown) => before.keys.has(shown)));
    const run = before === undefined ? 0 : isNext ? before.run + 1 : before.run;
    this.shown.set(key, { run, form, keys: new Set([...(before === undefined || isNext ? [] : before.keys), ...seen]) });
    return run;
  }
}
