// How laws are tried: fast-check with one draw for everybody, so that a run of the tests says the same wherever it is.
//
//   LAWS_SEED=7 vitest run test/laws       another draw; `LAWS_SEED=random`: a new one each time, named where it fails
//   LAWS_RUNS=5000 vitest run test/laws    more of it

import fc from 'fast-check';

const seed = process.env['LAWS_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

/** How often a law is tried: `LAWS_RUNS` where it is set, for the full number. */
export const lawRuns = (usual: number): number => Number(process.env['LAWS_RUNS'] ?? usual);

export { fc };
