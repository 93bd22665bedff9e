// In: the installations. Out: the story, every sentence of it checked.
// Must not know: which server it is told on, but for the words in which that server complains.

import { isSurefootError, type JournalEntry, type Plan, type RunResult } from 'surefoot';
import type { Database } from '../../examples/todobox/queries.ts';
import { seed, users } from '../../examples/todobox/seed.ts';
import {
  badNews,
  bold,
  chapter,
  claim,
  cyan,
  dim,
  green,
  note,
  quote,
  red,
  say,
  table,
  yellow,
} from './output.ts';
import { type Installation, modelParts, partsOf, revisions, type World } from './world.ts';

const { oauth, apiToken, dropTokenCreatedAt, safety } = revisions;

/** What a server says when a query names the column that is not there. */
const missingColumn: Readonly<Record<Database, RegExp>> = {
  sqlite: /^no such column: user\.api_token$/,
  mysql: /^Unknown column 'user\.api_token' in '(?:SELECT|field list)'$/,
  postgres: /^column user\.api_token does not exist$/,
};

/** What somebody answers instead of a result; `null`: there was a result. */
async function complaintOf(work: () => Promise<unknown>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

const countUsers = async ({ database, queries }: Installation): Promise<number> =>
  (await database.query(queries.allUsers)).length;

const sameList = (found: readonly string[], wanted: readonly string[]): boolean =>
  found.join(' ') === wanted.join(' ');

const isClean = ({ failed, differences, remaining }: RunResult): boolean =>
  failed === null && differences.length === 0 && remaining.length === 0;

function showRun(result: RunResult): void {
  quote(
    result.finished.map(({ revision, statements, satisfied, ms }) => {
      const there = satisfied > 0 ? `, ${satisfied} there already` : '';
      return `${green('✓')} ${cyan(revision)} ${dim(`${statements} statement${statements === 1 ? '' : 's'}${there}, ${ms} ms`)}`;
    }),
  );
}

function showPlan(plan: Plan): void {
  const paint = {
    pending: yellow,
    satisfied: green,
    kept: green,
    done: green,
    recovered: green,
    skipped: dim,
  } as const;
  for (const { revision, message, operations } of plan.steps) {
    quote([
      `${cyan(revision)} ${message}`,
      ...operations.map(
        ({ standing, description }) => `   ${paint[standing](standing.padEnd(10))} ${description}`,
      ),
    ]);
  }
}

async function cleanRun({ development }: World): Promise<void> {
  chapter(1, 'A clean run: development');
  const result = await development.surefoot.upgrade();
  showRun(result);
  claim(
    'all five revisions ran, and the database is exactly what they describe',
    result.finished.length === 5 && isClean(result),
  );
  await seed(development.database.query, development.database.kind);
  await development.database.query(development.queries.giveToken, ['token-of-ada', 'ada']);
  const [ada] = await development.database.query(development.queries.userByToken, ['token-of-ada']);
  claim('the application finds a user by her API token', ada?.['fullname'] === 'Ada Lovelace');
}

/** A database whose history lies, got as it is got in life: a run that stopped, and a record that was set by hand. */
async function makeTheLie({ production, staging }: World): Promise<void> {
  await production.before.upgrade(oauth);
  await seed(production.database.query, production.database.kind);
  await production.before.stamp([dropTokenCreatedAt], { force: true });
  // Staging went the same way honestly: it shows what the record of production promises.
  await staging.before.upgrade();
  await seed(staging.database.query, staging.database.kind);
}

async function accident(world: World): Promise<void> {
  const { production } = world;
  chapter(2, 'Production: a history that lies');
  await makeTheLie(world);
  note(`it stopped after ${cyan(oauth)}, and was recorded at ${cyan(dropTokenCreatedAt)} all the same`);
  const { heads } = await production.before.current();
  claim(`its record says ${dropTokenCreatedAt}`, sameList(heads, [dropTokenCreatedAt]));
  const complaint = await complaintOf(() => countUsers(production));
  const expected = missingColumn[production.database.kind];
  badNews('every query of the application dies:', expected.test(complaint?.message ?? ''));
  quote([red(complaint?.message ?? '')]);
  await compare(world, { promised: world.staging, missing: ['api_token', 'ix_user_api_token'] });
}

/** Model, history and server side by side. */
async function compare(
  { production }: World,
  wanted: { readonly promised: Installation; readonly missing: readonly string[] },
): Promise<void> {
  const [history, server] = [await partsOf(wanted.promised), await partsOf(production)];
  const has = (there: boolean): string => (there ? green('yes') : red('no'));
  const rows = modelParts.map((part) => {
    const lie = history.has(part) && !server.has(part) ? red('← history lies') : '';
    return [part, has(true), has(history.has(part)), has(server.has(part)), lie];
  });
  say();
  table(['user', 'model', 'history', 'server', ''], rows);
  say();
  const missing = modelParts.filter((part) => !server.has(part));
  const sentence =
    missing.length === 0
      ? 'model, history and server agree'
      : `of what the model declares, the server lacks ${missing.join(' and ')}`;
  const tell = missing.length === 0 ? claim : badNews;
  tell(sentence, sameList(missing, wanted.missing));
}

/** The day it happened: the record equals the newest revision. */
async function theDayItHappened({ production }: World): Promise<void> {
  say(`   ${bold('The day it happened')}, with four revisions in the folder`);
  const { pending } = await production.before.current();
  badNews('a plain runner believes the record: nothing to do, exit code 0', pending.length === 0);
  const refusal = await complaintOf(() => production.before.upgrade());
  const drift = isSurefootError(refusal, 'plan/drift') ? refusal : null;
  claim('Surefoot looks, although nothing is pending, and refuses:', drift !== null);
  quote([red(drift?.message ?? ''), dim(drift?.hint ?? '')]);
  claim(
    'it names the column, and the revision that should have made it',
    drift?.details.differences.some(
      ({ kind, object, revision }) =>
        kind === 'missing' && object.includes('api_token') && revision === apiToken,
    ) === true,
  );
}

const statementsOf = (plan: Plan): readonly string[] =>
  plan.steps.flatMap(({ segments }) =>
    segments.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
  );

/** With everything pending, as on production, the plan's SQL is what a runner that does not look would send anywhere. */
async function plainRunner({ production, staging }: World): Promise<void> {
  say();
  say(`   ${bold('The cure')}: revision ${cyan(safety)} ensures the column and its index. Its plain SQL:`);
  const sql = statementsOf(await production.surefoot.plan());
  quote(sql);
  const complaint = await complaintOf(async () => {
    for (const statement of sql) await staging.database.query(statement);
  });
  badNews('sent blindly, it dies wherever history told the truth (staging):', complaint !== null);
  quote([red(complaint?.message ?? '')]);
}

async function plans({ production, staging }: World): Promise<void> {
  const [needy, healthy] = [await production.surefoot.plan(), await staging.surefoot.plan()];
  const standings = (plan: Plan): readonly string[] =>
    plan.steps.flatMap(({ operations }) => operations.map(({ standing }) => standing));
  say();
  say(`   ${bold("Surefoot's plan")} for production`);
  showPlan(needy);
  claim('on production both are to be done', sameList(standings(needy), ['pending', 'pending']));
  say(`   ${bold("Surefoot's plan")} for staging, from the same file`);
  showPlan(healthy);
  claim(
    'on staging the column is there, equal in every property: satisfied',
    sameList(standings(healthy), ['satisfied', 'pending']),
  );
}

async function cure(world: World): Promise<void> {
  const { production, staging, development } = world;
  chapter(3, 'What a plain runner does, and what Surefoot does');
  await theDayItHappened(world);
  await plainRunner(world);
  await plans(world);
  say(`   ${bold('surefoot upgrade')} on production`);
  const result = await production.surefoot.upgrade();
  showRun(result);
  claim('production is exactly what its history says', isClean(result) && sameList(result.heads, [safety]));
  const other = await staging.surefoot.upgrade();
  claim('so is staging', isClean(other) && other.finished[0]?.satisfied === 1);
  claim('the query works, and no row was lost', (await countUsers(production)) === users.length);
  await compare(world, { promised: development, missing: [] });
  await showHistory(world);
  await showLog(world);
}

async function showHistory({ production }: World): Promise<void> {
  const history = await production.surefoot.history();
  say(`   ${bold('surefoot history')}`);
  quote(
    history.map(({ id, message, applied }) => `${applied ? green('●') : dim('○')} ${cyan(id)} ${message}`),
  );
  claim('all five are applied', history.length === 5 && history.every(({ applied }) => applied === true));
}

const told = ['moved', 'stamped', 'adopted', 'satisfied', 'verified', 'failed'];

function logLine({ event, revision, direction, data, at }: JournalEntry): string {
  const time = dim(new Date(at).toISOString().slice(11, 19));
  const what =
    revision === null ? `recorded: ${(data.heads ?? []).join(', ')}` : `${cyan(revision)} ${direction}`;
  const by = data.who?.osUser ? dim(`by ${data.who.osUser}`) : '';
  return `${time} ${(event === 'stamped' ? yellow : green)(event.padEnd(9))} ${what} ${by}`.trimEnd();
}

async function showLog({ production }: World): Promise<void> {
  const entries = await production.surefoot.log();
  say(`   ${bold('surefoot log')} ${dim('(without the single statements)')}`);
  quote(entries.filter(({ event }) => told.includes(event)).map(logLine));
  const events = entries.map(({ event, revision }) => `${event} ${revision ?? ''}`.trim());
  const lie = events.indexOf('stamped');
  claim(
    'the journal tells the run, the stamp that lied, and the cure',
    events.indexOf(`moved ${oauth}`) < lie && lie < events.indexOf(`moved ${safety}`) && lie > 0,
  );
}

async function downAndUp({ production }: World): Promise<void> {
  chapter(4, 'Down and up again: production');
  const { database, queries, surefoot } = production;
  await database.query(queries.giveToken, ['token-of-ada', 'ada']);
  const down = await surefoot.downgrade();
  claim(
    `downgrade: back at ${dropTokenCreatedAt}, exactly as history describes it`,
    isClean(down) && sameList(down.heads, [dropTokenCreatedAt]),
  );
  const parts = await partsOf(production);
  claim('the index of the safety revision is gone', !parts.has('ix_user_api_token'));
  claim(`the column stays: it is ${apiToken} that owns it`, parts.has('api_token'));
  const tokens = await database.query(queries.userByToken, ['token-of-ada']);
  claim('rows and tokens are kept', tokens.length === 1 && (await countUsers(production)) === users.length);
  const up = await surefoot.upgrade();
  showRun(up);
  claim(
    'upgrade: the column is satisfied, the index is made',
    isClean(up) && up.finished[0]?.satisfied === 1,
  );
  claim('the index is back', (await partsOf(production)).has('ix_user_api_token'));
  const again = await surefoot.upgrade();
  claim('once more: nothing to do, and it looked', isClean(again) && again.finished.length === 0);
}

/** Tells all of it; throws at the first sentence that is not true. */
export async function tellStory(world: World): Promise<void> {
  await cleanRun(world);
  await accident(world);
  await cure(world);
  await downAndUp(world);
}
