// A share of `npm run takeovers`: Alembic itself and Surefoot on the same files, catalogue against catalogue.

import { expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';
import { compareHistory, graphDifferences } from './alembic/compare.ts';
import { writtenHistories } from './alembic/histories.ts';

const cases = share(
  writtenHistories.flatMap((history) => history.engines.map((engine) => ({ history, engine, limit: 1000 }))),
  writtenHistories
    .filter(({ name }) => name === 'flask-todo')
    .map((history) => ({ history, engine: 'sqlite' as const, limit: 5 })),
).filter(({ engine }) => selectedEngines().includes(engine));

test.each(cases)(
  '$history.name on $engine',
  async ({ history, engine, limit }) => {
    const { windows = false } = history;
    const found = await compareHistory(history.folder, { engine, limit, windows, back: limit > 5 });
    expect(found.differences).toEqual([]);
    expect(graphDifferences(found)).toEqual([]);
    expect(found.report.totals.full).toBe(found.report.totals.revisions);
    expect(limit > 5 ? found.adopted : []).toEqual([]);
  },
  180_000,
);
