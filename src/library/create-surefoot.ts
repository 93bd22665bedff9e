// Surefoot before any of it is needed. In: options. Out: Surefoot, whose parts are loaded when they are called.
// Must not import what only some calls need: every deploy starts with a call that finds nothing to do.

import type { Surefoot, SurefootOptions } from './api.ts';
import { createProject } from './project.ts';
import { runTo } from './reach.ts';

/** What is loaded as a whole, when the first of it is called. */
type Later = Exclude<keyof Surefoot, 'upgrade' | 'downgrade' | 'close'>;

const later: Readonly<Record<Later | 'report', true>> = {
  graph: true,
  current: true,
  history: true,
  status: true,
  log: true,
  check: true,
  lint: true,
  rehearse: true,
  report: true,
  squash: true,
  stats: true,
  autogenerate: true,
  push: true,
  fromDatabase: true,
  repair: true,
  plan: true,
  stamp: true,
  resume: true,
  unlock: true,
  kept: true,
  script: true,
  dump: true,
  backup: true,
  restore: true,
  dropAll: true,
  wait: true,
};

/** Surefoot on one database and one set of revision files. Nothing is opened or loaded before it is needed. */
export function createSurefoot(options: SurefootOptions): Surefoot {
  const project = createProject(options);
  const whole = async () => (await import('./surefoot.ts')).createSurefoot(options, { project });
  const calls = Object.keys(later).map((name) => {
    const call = async (...given: readonly unknown[]): Promise<unknown> => {
      const method: (...given: readonly unknown[]) => unknown = Reflect.get(await whole(), name);
      return await method(...given);
    };
    return [name, call] as const;
  });
  return {
    ...(Object.fromEntries(calls) as unknown as Pick<Surefoot, Later>),
    upgrade: (target = 'heads', choices = {}) =>
      runTo(project, { direction: 'upgrade', target, phase: choices.phase }, choices),
    downgrade: (target = '-1', choices = {}) => runTo(project, { direction: 'downgrade', target }, choices),
    // Each call opens its own session and closes it; what the user handed in is the user's.
    close: async () => {},
  };
}
