/**
 * Runs `work` without V8 collecting stack traces: a grammar that refuses a line throws inside Chevrotain, and the traces
 * nobody reads would be most of the cost on text that is not a listing.
 */
export function withoutStackTraces<T>(work: () => T): T {
  // V8's own property; elsewhere it is an unused one.
  const errors = Error as { stackTraceLimit?: number | undefined };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    errors.stackTraceLimit = limit;
  }
}
