/** How much is told on standard error beside errors: `quiet` nothing, `verbose` also what was read and how long it took. */
export type Loudness = 'quiet' | 'usual' | 'verbose';

/** Set once, before a command runs: every place that tells something would have to be handed it. */
let loudness: Loudness = 'usual';

/** Says how loud this run is. */
export function setLoudness(chosen: Loudness): void {
  loudness = chosen;
}

/** Whether remarks are told, which are no errors. */
export function tellsNotes(): boolean {
  return loudness !== 'quiet';
}

/** Whether it is told what is done, and how long that took. */
export function tellsWork(): boolean {
  return loudness === 'verbose';
}
