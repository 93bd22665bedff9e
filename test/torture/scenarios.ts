// The scenarios by name, and where each can be tried. In: nothing. Out: scenarios.

import type { Proof } from '../matrix/proof.ts';
import type { Engine, ServerEngine } from '../servers/index.ts';
import { proveBlocked } from './blocked.ts';
import { proveCrowd } from './crowd.ts';
import { proveCut } from './cut.ts';
import { proveFrozen } from './frozen.ts';
import { proveFuzz } from './fuzz.ts';
import { proveInside } from './inside.ts';
import { proveKilled } from './killed.ts';
import { proveLong } from './long.ts';
import { proveServerKilled } from './server-killed.ts';

export type Place = Engine | 'pgbouncer';

export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly places: readonly Place[];
  prove(place: Place, choices: Choices): Promise<readonly Proof[]>;
}

/** How much of it is tried; left out: all. */
export interface Choices {
  readonly count?: number;
  /** No new attempt after so many minutes, where attempts take long. */
  readonly minutes?: number;
}

export const usualPlaces: readonly Place[] = ['sqlite', 'postgres18', 'mysql9', 'mariadb', 'pgbouncer'];
const engines = ['sqlite', 'postgres18', 'mysql9', 'mariadb'] as const;
const servers = ['postgres18', 'mysql9', 'mariadb'] as const;

/** A scenario of engines, without the pooler. */
function on<E extends Engine>(
  places: readonly E[],
  prove: (engine: E, choices: Choices) => Promise<readonly Proof[]>,
): Pick<Scenario, 'places' | 'prove'> {
  return {
    places,
    prove: async (place, choices) => {
      const engine = places.find((one) => one === place);
      return engine === undefined ? [] : await prove(engine, choices);
    },
  };
}

export const scenarios: readonly Scenario[] = [
  { name: 'killed', says: 'a runner is killed at everything that it sends', ...on(engines, proveKilled) },
  {
    name: 'server',
    says: 'the server is killed at random moments',
    ...on<Engine & ServerEngine>(servers, proveServerKilled),
  },
  {
    name: 'crowd',
    says: '50 runners at once',
    places: usualPlaces,
    prove: (place, choices) => proveCrowd(place, choices),
  },
  { name: 'frozen', says: 'a runner is frozen, and wakes too late', ...on(engines, proveFrozen) },
  {
    name: 'inside',
    says: 'a runner is killed and frozen while the server works for it',
    ...on(servers, (engine) => proveInside(engine)),
  },
  {
    name: 'long',
    says: 'a statement takes 60 seconds',
    ...on(engines, (engine) => proveLong(engine)),
  },
  {
    name: 'blocked',
    says: 'a transaction holds the table that a step changes',
    ...on(engines, (engine) => proveBlocked(engine)),
  },
  { name: 'cut', says: 'the network is cut before the answer', ...on(servers, proveCut) },
  {
    name: 'fuzz',
    says: 'version table, journal and files at random',
    ...on(engines, proveFuzz),
  },
];
