import type { SectionTool } from '../section.ts';
import { runsInTurn } from './command-facts.ts';
import { goesOverMachines } from './remote-host.ts';

/**
 * Tells the machines apart whose outputs one command prints under one another without their names: where a tool shows again what it has
 * shown, another machine does.
 */
export class UnnamedMachines {
  /** How many machines of earlier commands there are. */
  private before = 0;
  /** Machines of the present command, of which its last output is the last one's. */
  private here = 0;
  private command: string | undefined;

  /** What the machine of an output is called; `run` counts the outputs of its tool that the command made before. */
  nameOf(command: string | undefined, tool: SectionTool, run: number): string | undefined {
    if (command === undefined || !goesOverMachines(command)) return undefined;
    if (command !== this.command) {
      this.before += this.here;
      [this.command, this.here] = [command, 0];
    }
    this.here = Math.max(this.here, Math.floor(run / runsInTurn(command, tool)) + 1);
    return `${UNNAMED}${this.before + this.here}`;
  }
}

const UNNAMED = 'unnamed machine ';

/** The names without that of a machine that is the only one of its kind: it is the host that is not named. */
export function withoutOnlyOne(hosts: readonly (string | undefined)[]): (string | undefined)[] {
  const isMany = hosts.includes(`${UNNAMED}2`);
  return hosts.map((host) => (!isMany && host === `${UNNAMED}1` ? undefined : host));
}
