import fc from 'fast-check';

/** Property tests make the same values in every run, so that a red run says something of the change. `FUZZ_SEED` makes others. */
fc.configureGlobal({ seed: Number(process.env['FUZZ_SEED'] ?? 20_261_121) });
