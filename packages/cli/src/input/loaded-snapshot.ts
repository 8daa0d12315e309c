import type { PathFacts } from '@netdrift/drift';

/** One command of a capture. */
export interface CapturedCommand {
  /** The file that its output went to. */
  readonly file: string;
  readonly command: string;
  /** False where it was not run; `reason` says why. */
  readonly ran: boolean;
  readonly status?: number;
  readonly reason?: string;
}

/** What `netdrift capture` wrote about itself. */
export interface Manifest {
  readonly host: string;
  /** When it began, as `2026-11-29T23:37:00Z`. */
  readonly started: string;
  readonly commands: readonly CapturedCommand[];
}

/** One text of a snapshot, as the library takes it. */
export interface LoadedFile extends PathFacts {
  /** The name that messages show: the path as given, or the file's name inside the folder. */
  readonly name: string;
  readonly content: Uint8Array;
  /** What the user says it is: `nat` of `nat=path`. */
  readonly as?: string;
  /** How its command ended, as the manifest of a capture says. */
  readonly exitStatus?: number;
}

/** A file of a snapshot folder that was not read, and why. */
export interface SkippedFile {
  readonly name: string;
  readonly reason: string;
}

/** What an argument that names a snapshot led to. */
export interface LoadedSnapshot {
  readonly files: readonly LoadedFile[];
  readonly skipped: readonly SkippedFile[];
  /** What `netdrift capture` wrote about it. */
  readonly manifest?: Manifest;
  /** The folder or archive in which the files stand, as it was named, without a slash at its end; missing = each is named whole. */
  readonly folder?: string;
}
