// The proof of the promise on the chain of the todobox: whatever state the database is in, it ends at the model.
// In: an engine, states. Out: counts, and every claim that did not hold.

import { join } from 'node:path';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { RepairResult, Surefoot } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { Engine } from '../servers/index.ts';
import type { Bench } from './bench.ts';
import { openBench } from './bench.ts';
import type { Proof } from './proof.ts';
import { Broken, expectSame, tryAll } from './proof.ts';
import type { Parts, State } from './todobox-states.ts';
import {
  cellOf,
  columnsOf,
  createStatements,
  droppedAt,
  enter,
  equalTokenStates,
  model,
  partsAt,
  rowIds,
  states,
  stateText,
} from './todobox-states.ts';

const project = join(import.meta.dirname, '../../examples/todobox');

const sorted = (lines: readonly string[]) => [...lines].sort();

/** The catalogue of a schema made by hand, by a database that Surefoot never saw. */
type Catalogues = (found: Parts) => Promise<readonly string[]>;

function handMade(reference: Bench): Catalogues {
  const known = new Map<string, readonly string[]>();
  return async (found) => {
    const key = [...found].sort().join();
    const seen = known.get(key);
    if (seen) return seen;
    await reference.run(
      `DROP TABLE IF EXISTS ${reference.quote('user')}`,
      ...createStatements(found, reference),
    );
    const made = sorted(await reference.catalogue());
    known.set(key, made);
    return made;
  };
}

interface Case {
  readonly state: State;
  readonly bench: Bench;
  readonly catalogues: Catalogues;
  readonly surefoot: Surefoot;
}

/** Every row, every value: those of columns that were there are as they were, those of new columns are null. */
async function expectRows({ state, bench }: Case, end: Parts): Promise<void> {
  if (!end.has('user')) return;
  const columns = columnsOf(end);
  const had = state.parts.has('user') ? columnsOf(state.parts) : [];
  const { quote } = bench;
  const seen = await bench.rows(
    `SELECT ${['id', ...columns].map(quote).join(', ')} FROM ${quote('user')} ORDER BY id`,
  );
  const plain = (name: string, value: unknown) =>
    name === 'token_created_at' && value !== null ? 'a time' : value;
  const rows = had.length === 0 ? [] : rowIds;
  const wanted = rows.map((id) => [
    id,
    ...columns.map((name) => plain(name, had.includes(name) ? cellOf(name, id, state) : null)),
  ]);
  expectSame(
    'rows',
    seen.map((row) => [row['id'], ...columns.map((name) => plain(name, row[name]))]),
    wanted,
  );
}

async function expectParts(one: Case, found: Parts): Promise<void> {
  expectSame('catalogue', sorted(await one.bench.catalogue()), await one.catalogues(found));
  await expectRows(one, found);
}

/** What a repair must leave: what history says at the recorded revision, and whatever else was there. */
function repaired({ parts, recorded }: State, allowed: boolean): Parts {
  const gone = allowed ? droppedAt(recorded) : new Set<string>();
  return new Set([...partsAt(recorded), ...[...parts].filter((name) => !gone.has(name))]);
}

function expectNoError({ report }: RepairResult): void {
  const errors = report.findings.filter(
    ({ severity, code }) => severity === 'error' && code.startsWith('drift/'),
  );
  expectSame('findings after the repair', errors, []);
}

async function upgradeToModel(one: Case): Promise<string> {
  const result = await one.surefoot.upgrade();
  expectSame('failed', result.failed, null);
  expectSame('differences', [result.differences, result.extras], [[], []]);
  await expectParts(one, model);
  expectSame('findings', errorCodes(await one.surefoot.check()), []);
  return 'the model';
}

const errorCodes = ({ findings }: Awaited<ReturnType<Surefoot['check']>>) =>
  findings.filter(({ severity }) => severity !== 'information').map(({ code }) => code);

/** The refusal's code, if nothing was touched; whatever else it is, is a broken claim. */
async function refusalOf(one: Case, work: () => Promise<string>): Promise<string> {
  const { bench } = one;
  const before = await bench.catalogue();
  const rows = async () =>
    before.length === 0 ? [] : await bench.rows(`SELECT * FROM ${bench.quote('user')} ORDER BY id`);
  const had = await rows();
  try {
    return await work();
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    expectSame(`touched before ${error.code}`, await bench.catalogue(), before);
    expectSame(`rows touched before ${error.code}`, await rows(), had);
    expectSame('a hint', typeof error.hint, 'string');
    if (one.state.equalTokens) expectNamesRows(error);
    return error.code;
  }
}

/** Rows are named by key, never by value. */
function expectNamesRows(error: {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}): void {
  const said = `${error.message} ${JSON.stringify(error.details)}`;
  if (/secret-token/.test(said)) throw new Broken(`shows a value: ${said}`);
  if (error.code === 'plan/rows' && !rowIds.every((id) => new RegExp(`\\b${id}\\b`).test(said)))
    throw new Broken(`does not name the rows: ${said}`);
}

async function repairThenUpgrade(one: Case): Promise<string> {
  const result = await one.surefoot.repair({ allow: ['drop-column'] });
  expectSame('failed', [result.failed, result.withheld, result.inexpressible], [null, [], []]);
  expectNoError(result);
  await expectParts(one, repaired(one.state, true));
  return await upgradeToModel(one);
}

async function repairAllButDrops(one: Case): Promise<string> {
  const result = await one.surefoot.repair();
  const { parts, recorded } = one.state;
  const left = parts.has('token_created_at') && droppedAt(recorded).has('token_created_at');
  expectSame('failed', [result.failed, result.inexpressible], [null, []]);
  await expectParts(one, repaired(one.state, false));
  expectSame(
    'withheld',
    result.withheld.map(({ allowance }) => allowance),
    left ? ['drop-column'] : [],
  );
  const found = result.report.findings.filter(({ severity }) => severity === 'error');
  const drifts = found.filter(({ code }) => code.startsWith('drift/'));
  expectSame(
    'reported',
    drifts.map(({ code, object, revision }) => [code, object?.table, object?.name, revision]),
    left ? [['drift/extra-column', 'user', 'token_created_at', 'c682ef478e45']] : [],
  );
  return left ? 'all but the drop, and the column is reported' : 'what history says';
}

/** Where two rows have one token, the unique index cannot come: refused, when it is its turn. */
async function repairWithEqualTokens(one: Case): Promise<string> {
  const repair = await refusalOf(one, async () => {
    expectNoError(await one.surefoot.repair({ allow: ['drop-column'] }));
    return 'repaired';
  });
  const last = one.state.recorded === 'd1f2e3c4b5a6';
  expectSame('the repair', repair, last ? 'plan/rows' : 'repaired');
  if (last) return repair;
  const upgrade = await refusalOf(one, () => upgradeToModel(one));
  expectSame('the upgrade', upgrade, 'plan/rows');
  return upgrade;
}

const plainUpgrade = (one: Case): Promise<string> => refusalOf(one, () => upgradeToModel(one));

interface Claim {
  readonly claim: string;
  readonly states: readonly State[];
  readonly holds: (one: Case) => Promise<string>;
}

const claims: readonly Claim[] = [
  {
    claim:
      '`repair --allow drop-column`, then `upgrade`: exactly the model, every row and every value that the model keeps',
    states,
    holds: repairThenUpgrade,
  },
  {
    claim: '`repair` without the allowance: everything but the drop, and the extra column is reported',
    states,
    holds: repairAllButDrops,
  },
  {
    claim: '`upgrade` alone: exactly the model, or refused before anything is touched',
    states,
    holds: plainUpgrade,
  },
  {
    claim:
      'two equal tokens under a missing unique index: refused before anything is touched, rows named by key',
    states: equalTokenStates,
    holds: repairWithEqualTokens,
  },
];

async function prove(
  { claim, states: all, holds }: Claim,
  base: Pick<Case, 'bench' | 'catalogues'>,
): Promise<Proof> {
  const { bench } = base;
  const attempts = all.map((state) => ({
    state: `${bench.engine}: ${stateText(state)}`,
    holds: async () => {
      await enter(state, bench);
      const surefoot = createSurefoot({ ...bench.target, projectFolder: project, models: './schema.ts' });
      return await holds({ ...base, state, surefoot });
    },
  }));
  return await tryAll(claim, attempts);
}

/** Every n-th state, and never the same ones for two claims; all of them where `n` is 1. */
function share(all: readonly State[], n: number, offset: number): readonly State[] {
  return all.filter((_, i) => i % n === offset % n);
}

/** Proves every claim on an engine, on all states, or on every `everyNth`. */
export async function proveTodobox(engine: Engine, everyNth = 1): Promise<readonly Proof[]> {
  const bench = await openBench(engine);
  const reference = await openBench(engine);
  try {
    const catalogues = handMade(reference);
    const proofs: Proof[] = [];
    for (const [i, claim] of claims.entries())
      proofs.push(
        await prove({ ...claim, states: share(claim.states, everyNth, i * 3) }, { bench, catalogues }),
      );
    return proofs;
  } finally {
    await bench.close();
    await reference.close();
  }
}
