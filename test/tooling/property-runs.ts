import fc from 'fast-check';

// The suite has to give the same answer twice, so its property tests start from one seed. `npm run test:fuzz` looks
// further: many more runs, from a new seed each time, which a failure prints.
if (process.env.MODE === 'fuzz') fc.configureGlobal({ numRuns: 10_000 });
else fc.configureGlobal({ seed: 20_261_124 });
