// Models against what is there: both read, and the operations between them.
// In: a ground, answers about names. Out: a proposal with the schemas it was made of. Must not write.

import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import type { Proposal } from '../autogenerate/propose.ts';
import { propose } from '../autogenerate/propose.ts';
import type { RenameAnswer } from '../autogenerate/renames/answers.ts';
import type { RenameChoices } from '../autogenerate/renames/decide.ts';
import { unanswered } from '../autogenerate/renames/decide.ts';
import type { Speller } from '../autogenerate/settle.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { replay } from '../plan/replay.ts';
import { closeDraft } from '../schema/draft.ts';
import { ignoring } from '../schema/ignore.ts';
import type { Schema } from '../schema/schema.ts';
import { selecting } from '../schema/select.ts';
import type { NameChoices } from './autogenerate-choices.ts';
import type { Ground } from './ground.ts';
import { loadKnown } from './known-revisions.ts';
import { learnHistory, spellingElsewhere, taughtBy } from './learn.ts';
import { readDeclared } from './models.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { migrationFolders } from './project.ts';

/** What is left of schemas when models are compared. */
export function comparable({ options }: Project): (schema: Schema) => Schema {
  const { ignore = [], autogenerate = {} } = options;
  const [ignored, selected] = [ignoring(ignore), selecting(autogenerate)];
  return (schema) => guarded('include', () => selected(ignored(schema)));
}

/** What a function of the user's gives; what it throws is said as a refusal. */
export function guarded<T>(hook: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw hookFailed(hook, error);
  }
}

export function hookFailed(hook: string, error: unknown): SurefootError {
  const problem = messageOf(error);
  return new SurefootError('autogenerate/hook-failed', `autogenerate.${hook}: ${problem}`, {
    details: { hook, problem },
    hint: `Correct \`autogenerate.${hook}\` in surefoot.config.ts. Nothing was written.`,
    cause: error,
  });
}

/** A server that spells texts: the one at hand, else a scratch database; none where neither is to be had. */
export function spellerOf(opened: Opened, project: Project): Speller {
  const { dialect, connection } = opened;
  const elsewhere = spellingElsewhere(opened, project);
  return {
    spell: async (schema) => {
      try {
        const own = (await dialect.spell(connection, schema)) ?? (await elsewhere(schema));
        return own && dialect.normalize(own);
      } catch (error) {
        if (isSurefootError(error, 'scratch/unavailable')) return null;
        throw error;
      }
    },
    ...(dialect.sameProgram ? { sameProgram: (a, b) => dialect.sameProgram?.(a, b) === true } : {}),
  };
}

/** The models in their own words; refuses where the config names none. */
export async function wantedModels({ opened, project }: Ground): Promise<Schema> {
  const declared = await readDeclared(opened, project);
  if (declared) return declared;
  throw new SurefootError('autogenerate/no-models', 'the config names no models', {
    details: {},
    hint: "Put `models: './schema.ts'` into surefoot.config.ts.",
  });
}

/** The schema that these revisions make, as their files say it. */
export async function historyAt({ opened, project }: Ground, ids: readonly string[]): Promise<Schema> {
  const { dialect } = opened;
  const written = await loadKnown(project, ids, opened);
  const learned = await learnHistory(opened, project, { upgrades: written, downgrades: [] });
  const { draft, opaque } = replay(written.map(taughtBy(learned)), { dialect, snapshotsOf: new Set() });
  if (opaque.length === 0) return closeDraft(draft);
  const why = learned.problem === null ? '' : `: ${learned.problem}`;
  throw new SurefootError(
    'autogenerate/unknown-effect',
    `the effect of raw SQL is not known in ${opaque.join(', ')}${why}`,
    {
      details: { revisions: opaque },
      hint: 'Declare its effect, name a server to try it on with --scratch-url, or compare with a database that has run it: --against database.',
    },
  );
}

const isAnswers = (value: unknown): value is Readonly<Record<string, string | null>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => one === null || typeof one === 'string');

/** The file of answers about names. */
export function hintsFile({ options, folder }: Project): string {
  const given = options.autogenerate?.hints;
  if (given !== undefined) return resolvePath(folder, given);
  return resolvePath(migrationFolders(options, folder)[0] ?? folder, 'renames.json');
}

/** The answers of the hints file; none where there is no such file. */
async function readAnswers(file: string): Promise<readonly RenameAnswer[]> {
  const refuse = (problem: string, cause?: unknown) =>
    new SurefootError('config/invalid', `${file}: ${problem}`, {
      details: { file, problem },
      hint: 'It holds an object: { "table.old": "new", "old_table": "new_table", "table.gone": null }.',
      cause,
    });
  try {
    const value: unknown = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    if (isAnswers(value)) return Object.entries(value).map(([from, to]) => ({ from, to }));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw refuse(messageOf(error), error);
  }
  throw refuse('it holds other things than names');
}

async function renameChoices(project: Project, choices: NameChoices): Promise<RenameChoices> {
  const { rename = [], noRenames = false, askRename } = choices;
  const hints = await readAnswers(hintsFile(project));
  const ask = askRename
    ? async (candidate: Parameters<typeof askRename>[0]) => await askRename(candidate)
    : null;
  return { rename, noRenames, hints, ask };
}

/** Two schemas, and what lies between them. */
export interface Compared extends Proposal {
  /** What is there, normalised; with what is not compared. */
  readonly from: Schema;
  readonly declared: Schema;
}

/** What is compared. */
export interface Sides {
  /** What is there, normalised. */
  readonly from: Schema;
  /** The same as its revisions wrote it. */
  readonly before: Schema;
  /** The models in their own words. */
  readonly declared: Schema;
}

/** Compares models with what is there; refuses where nobody says whether something got another name. */
export async function compareWith(
  { from, before, declared }: Sides,
  ground: Ground,
  choices: NameChoices,
): Promise<Compared> {
  const { opened, project } = ground;
  const { dialect } = opened;
  const select = comparable(project);
  const proposal = await propose({
    from: select(from),
    before,
    to: select(dialect.normalize(declared)),
    declared: select(declared),
    dialect,
    speller: spellerOf(opened, project),
    renames: await renameChoices(project, choices),
  });
  if (proposal.unanswered.length > 0) throw unanswered(proposal.unanswered, hintsFile(project));
  return { ...proposal, from, declared };
}
