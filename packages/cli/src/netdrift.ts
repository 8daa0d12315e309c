#!/usr/bin/env node
import { VERSION } from './version.ts';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Answered before anything is loaded: scripts ask for the version often.
  process.stdout.write(`${VERSION}\n`);
} else {
  // exitCode, never process.exit(): that would cut what is still on its way through a pipe.
  try {
    const { run } = await import('./program.ts');
    process.exitCode = await run(argv);
  } catch (error) {
    // Node's own status for a crash is 1, which would read as drift.
    process.exitCode = 2;
    process.stderr.write(`netdrift: internal error, a bug of netdrift: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
