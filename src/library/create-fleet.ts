import type { SurefootOptions } from './api.ts';
import type { Fleet } from './fleet-choices.ts';

/** A fleet of databases and one set of revision files. Nothing is opened or loaded before it is needed. */
export function createFleet(options: SurefootOptions): Fleet {
  let loaded: Promise<Fleet> | undefined;
  const fleet = () => {
    loaded ??= import('./fleet.ts').then((module) => module.createFleet(options));
    return loaded;
  };
  return {
    plan: async (choices) => await (await fleet()).plan(choices),
    upgrade: async (choices) => await (await fleet()).upgrade(choices),
    check: async (choices) => await (await fleet()).check(choices),
    status: async (choices) => await (await fleet()).status(choices),
    retry: async (run, choices) => await (await fleet()).retry(run, choices),
  };
}
