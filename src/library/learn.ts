import { scratchWays } from '../config/choose-scratch.ts';
import type { History, Learned } from '../plan/learn-effects.ts';
import { hasOpaqueSql, learnEffects } from '../plan/learn-effects.ts';
import type { Plan } from '../plan/plan.ts';
import type { SpellElsewhere } from '../plan/spelling.ts';
import { tryPlan } from '../plan/trial.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Schema } from '../schema/schema.ts';
import { fileCache } from '../scratch/cache.ts';
import { tryWay } from '../scratch/scratch.ts';
import type { SurefootOptions } from './api.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { toolName } from './version.ts';

/** The project's server, as a target of throw-away databases. */
export function scratchChoice({ dialect, connection, database }: Opened, { options, folder }: Project) {
  const { url, scratchUrl } = options;
  const own = options.connection === undefined ? url : undefined;
  return { dialect, connection, database, url: own, scratchUrl, folder };
}

/** Names that a function gives are as good as its text. */
const namingText = (naming: SurefootOptions['naming']): unknown =>
  typeof naming === 'function' ? String(naming) : (naming ?? null);

/** The revisions with the effects of their raw SQL, as far as a scratch database can tell. */
export async function learnHistory(opened: Opened, project: Project, history: History): Promise<Learned> {
  const { dialect, facts } = opened;
  if (!hasOpaqueSql(history, dialect)) {
    const all = [...history.upgrades, ...history.downgrades];
    return { revisions: new Map(all.map((one) => [one.header.id, one])), problem: null };
  }
  const { ways, target } = await scratchWays(scratchChoice(opened, project));
  const { flavor, version } = dialect.traits;
  return await learnEffects(history, {
    dialect,
    naming: project.naming(dialect),
    ways,
    cache: fileCache(project.folder),
    circumstances: {
      server: [dialect.name, flavor, version, facts.namespace, target.defaults],
      naming: namingText(project.options.naming),
      tool: toolName,
    },
  });
}

/** The list with what was learned of each. */
export function taughtBy({ revisions }: Learned): (revision: LoadedRevision) => LoadedRevision {
  return (revision) => revisions.get(revision.header.id) ?? revision;
}

/** Refuses a plan that the server would stop in the middle, as a copy of the live schema tells. */
export async function tryElsewhere(
  { plan, live }: { readonly plan: Plan; readonly live: Schema },
  opened: Opened,
  project: Project,
): Promise<void> {
  const { dialect } = opened;
  const { ways } = await scratchWays(scratchChoice(opened, project));
  await tryPlan(plan, { dialect, naming: project.naming(dialect), live, ways });
}

/** Spells on a scratch database, where the examined server may not be asked to. */
export function spellingElsewhere(opened: Opened, project: Project): SpellElsewhere {
  return async (schema) => {
    const { ways } = await scratchWays(scratchChoice(opened, project));
    for (const way of ways) {
      const scratch = await tryWay(way);
      if (typeof scratch === 'string') continue;
      try {
        if (scratch.spellsAlike) return await scratch.dialect.spell(scratch.connection, schema);
      } finally {
        await scratch.close();
      }
    }
    return null;
  };
}
