import { checkSnapshot, diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';
import { snapshotFiles } from './support.ts';

/** The folders of `fixtures/three-modes`. */
export type ProxyMode = 'ipvs' | 'iptables' | 'nftables';

/** What is put in the place of what, in a file; the text has to be there. */
export type Edit = readonly [file: string, from: string | RegExp, to: string];

/** What is told of a change of a capture, both ways, and of the changed capture by itself. */
export interface Told {
  readonly forth: readonly string[];
  /** Severity and kind of those that no other one tells. */
  readonly stories: readonly string[];
  readonly back: readonly string[];
  readonly check: readonly string[];
  /** What several changes are laid to. */
  readonly causes: readonly string[];
  /** Labels and texts of the details of the changes, `services: default/nginx`. */
  readonly details: readonly string[];
}

/** Changes a capture of a mode, compares it with itself in both directions, and checks it. */
export function edited(mode: ProxyMode, edits: readonly Edit[]): Told {
  const files = snapshotFiles(`fixtures/three-modes/${mode}`);
  const whole = readSnapshot(files);
  const changed = readSnapshot(
    files.map(({ name, content }) => ({
      name,
      content: edits.reduce((text, [file, from, to]) => (file === name ? replaced(text, from, to) : text), Buffer.from(content).toString()),
    })),
  );
  // Each is asked by few tests, and a comparison takes a second.
  let report: Report | undefined;
  const forth = (): Report => (report ??= diffSnapshots(whole, changed));
  return {
    get forth() {
      return told(forth());
    },
    get stories() {
      return forth()
        .changes.filter(({ severity, toldWith }) => severity !== 'none' && toldWith === undefined)
        .map(({ severity, id }) => `${severity} ${id}`);
    },
    get back() {
      return told(diffSnapshots(changed, whole));
    },
    get check() {
      return checkSnapshot(changed).findings.map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
    },
    get causes() {
      return forth().causes.map(({ id, text }) => `${id}: ${text}`);
    },
    get details() {
      return forth().changes.flatMap(({ details }) => details.map(({ label, text }) => `${label}: ${text}`));
    },
  };
}

function told({ changes }: Report): string[] {
  return changes.filter(({ severity }) => severity !== 'none').map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
}

function replaced(text: string, from: string | RegExp, to: string): string {
  const edit = text.replace(from, to);
  if (edit === text) throw new Error(`nothing to replace: ${String(from)}`);
  return edit;
}
