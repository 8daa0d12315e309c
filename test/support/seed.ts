import fc from 'fast-check';

/** Properties meet the same values in every run, so that a change is held up by what it breaks alone; NETDRIFT_FUZZ_SEED names others. */
fc.configureGlobal({ seed: Number(process.env['NETDRIFT_FUZZ_SEED'] ?? 20_261_129) });
