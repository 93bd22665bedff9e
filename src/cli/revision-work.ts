// What a revision does, told without a database. In: an id. Out: operations in words, SQL. Must not know verbs.

import { offlineDialect } from '../config/choose-dialect.ts';
import type { Config } from '../config/load-config.ts';
import { namingOf } from '../config/naming.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { describe } from '../operations/apply.ts';
import { arrange } from '../plan/arrange.ts';
import type { OutlinedStep } from '../plan/outline.ts';
import { outline } from '../plan/outline.ts';
import type { Direction } from '../plan/plan.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { ancestors, inOrder } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { loadRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { defaultNaming } from '../schema/naming.ts';

/** One direction of a revision. */
export interface Work {
  readonly operations: readonly { readonly kind: string; readonly description: string }[];
  /** `null`: not known without the database. */
  readonly sql: readonly string[] | null;
  /** Why there is no SQL, or no way back. */
  readonly reason: string | null;
}

export interface RevisionWork {
  /** The family and flavor that it was told for. */
  readonly dialect: string;
  readonly upgrade: Work;
  readonly downgrade: Work;
}

interface Means {
  readonly graph: RevisionGraph;
  readonly config: Config;
  readonly dialect: Dialect;
}

async function load({ graph, dialect }: Means, ids: readonly string[]): Promise<readonly LoadedRevision[]> {
  const { name, traits, syntax, dualWrite } = dialect;
  const target = { dialect: name, flavor: traits.flavor, syntax, dualWrite };
  const headers = ids.flatMap((id) => graph.nodes.get(id)?.header ?? []);
  return await Promise.all(headers.map((header) => loadRevision(header, target)));
}

/** Where history cannot be told without a server, the operations alone are: those of the file. */
function plainWork({ upgrade, downgrade }: LoadedRevision, direction: Direction, reason: string): Work {
  const inverse = downgrade.kind === 'operations' ? downgrade.operations : [];
  const operations = direction === 'upgrade' ? upgrade : inverse;
  return {
    operations: operations.map((operation) => ({ kind: operation.kind, description: describe(operation) })),
    sql: null,
    reason: direction === 'downgrade' && downgrade.kind === 'irreversible' ? downgrade.reason : reason,
  };
}

function sqlOf(step: OutlinedStep, live: SchemaDraft, { config, dialect }: Means): readonly string[] {
  const naming = namingOf(config.naming, defaultNaming(dialect.traits.maxIdentifier));
  const planned = step.operations.map(({ operation, kept }) => ({
    operation,
    standing: kept ? ('kept' as const) : ('pending' as const),
    description: '',
  }));
  const { steps } = arrange({ steps: [step] }, [planned], { dialect, naming, live });
  return (steps[0]?.segments ?? []).flatMap(({ statements }) => statements.map(({ sql }) => sql));
}

async function workOf(means: Means, id: string, direction: Direction): Promise<Work> {
  const { graph, dialect } = means;
  const below = inOrder(graph, ancestors(graph, [id])).filter((one) => one !== id);
  const [revision] = await load(means, [id]);
  if (revision === undefined) return { operations: [], sql: null, reason: null };
  try {
    const applied = [...(await load(means, below)), ...(direction === 'downgrade' ? [revision] : [])];
    const outlined = outline({ direction, path: [revision], applied, dialect, live: null });
    const [step] = outlined.steps;
    if (step === undefined) return { operations: [], sql: null, reason: null };
    const operations = step.operations.map(({ operation, kept }) => ({
      kind: operation.kind,
      description: describe(operation) + (kept ? ' (left alone: history has it below)' : ''),
    }));
    return { operations, sql: sqlOf(step, outlined.start, means), reason: null };
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    return plainWork(revision, direction, error.message);
  }
}

/** What a revision does, for the family that the configured URL names. */
export async function revisionWork(graph: RevisionGraph, config: Config, id: string): Promise<RevisionWork> {
  const dialect = await offlineDialect({ url: config.url ?? undefined }, config.projectFolder);
  const means = { graph, config, dialect };
  return {
    dialect: dialect.traits.flavor,
    upgrade: await workOf(means, id, 'upgrade'),
    downgrade: await workOf(means, id, 'downgrade'),
  };
}
