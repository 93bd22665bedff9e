// In: how many revisions and tables. Out: the report of such a project, made as the real one is.
// Must not know: who measures it.

import { everyDialect } from '../../src/config/every-dialect.ts';
import { replay } from '../../src/plan/replay.ts';
import { buildReport } from '../../src/report/build-report.ts';
import type { ReportData, RevisionState } from '../../src/report/report.ts';
import { sidesOf } from '../../src/report/sides.ts';
import { historySpans } from '../../src/report/spans.ts';
import { createBuilder } from '../../src/revisions/builder.ts';
import { buildGraph } from '../../src/revisions/graph.ts';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import type { OperationBuilder } from '../../src/revisions/operation-builder.ts';
import type { RevisionHeader } from '../../src/revisions/revision.ts';
import { t } from '../../src/schema/column-builder.ts';
import { draftSchema } from '../../src/schema/draft.ts';
import { defaultNaming } from '../../src/schema/naming.ts';

export interface Wish {
  readonly revisions: number;
  readonly tables: number;
  /** How many servers it tells SQL for: that is what takes time. Default: all four. */
  readonly servers?: number;
}

const idOf = (place: number): string => (0x10000000 + place * 7919).toString(16);

/** Two branches leave every fiftieth revision and come together soon after. */
function parentsOf(place: number): readonly number[] {
  if (place === 0) return [];
  const within = place % 50;
  if (within === 12) return [place - 2];
  if (within === 14) return [place - 1, place - 2 + -1];
  return [place - 1];
}

const tableName = (place: number): string =>
  `${['order', 'customer', 'invoice', 'shipment', 'event'][place % 5]}_${place}`;

function makeTable(op: OperationBuilder, place: number): void {
  op.createTable(tableName(place), (c) => ({
    id: c.bigint().identity().primaryKey(),
    name: c.varchar(120).notNull(),
    email: c.varchar(255),
    amount: c.numeric(12, 2).notNull(),
    note: c.text(),
    created_at: c.timestamp().notNull(),
    updated_at: c.timestamp(),
    parent_id: c.bigint(),
  }));
  op.createIndex(tableName(place), ['email'], { name: `ix_${tableName(place)}_email` });
  if (place > 0)
    op.addForeignKey(tableName(place), ['parent_id'], {
      table: tableName(Math.floor(place / 3)),
      columns: ['id'],
    });
}

function operationsOf(place: number, { tables }: Wish) {
  const { op, operations } = createBuilder('upgrade');
  // The tables come with the first revisions, the rest changes them.
  if (place < tables) makeTable(op, place);
  else {
    const table = tableName((place * 31) % tables);
    if (place % 3 === 0) op.createIndex(table, ['created_at', 'amount'], { name: `ix_${table}_${place}` });
    else op.addColumn(table, `detail_${place}`, place % 2 ? t.varchar(80) : t.integer());
  }
  return [...operations()];
}

function revisionOf(place: number, wish: Wish): LoadedRevision {
  const header: RevisionHeader = {
    id: idOf(place),
    revises: [...new Set(parentsOf(place))].map(idOf),
    message: `revision ${place}: what the team needed in week ${Math.floor(place / 5)} of the project`,
    createdAt: new Date(Date.UTC(2022, 0, 1) + place * 3_600_000).toISOString(),
    branchLabels: [],
    dependsOn: [],
    safety: false,
    replaces: [],
    file: `/project/migrations/${place}_${idOf(place)}_what_the_team_needed.ts`,
    kind: 'ts',
    transaction: 'auto',
  };
  const runs = { upgrade: [], downgrade: [] };
  return { header, upgrade: operationsOf(place, wish), downgrade: { kind: 'auto' }, runs, text: '' };
}

const states: readonly RevisionState[] = ['applied', 'applied', 'applied', 'satisfied', 'edited'];

/** A report of a large project; nothing of it is written by hand. */
export async function largeReport(wish: Wish): Promise<ReportData> {
  const revisions = Array.from({ length: wish.revisions }, (_, place) => revisionOf(place, wish));
  const graph = buildGraph(revisions.map(({ header }) => header));
  const byId = new Map(revisions.map((one) => [one.header.id, one]));
  const ordered = graph.order.flatMap((id) => byId.get(id) ?? []);
  const [dialect, ...others] = await everyDialect();
  if (!dialect) throw new Error('there is no dialect');
  const editions = [dialect, ...others].slice(0, wish.servers ?? 4).map((dialect) => ({
    dialect,
    naming: defaultNaming(dialect.traits.maxIdentifier),
    revisions: ordered,
  }));
  const schema = dialect.normalize(draftSchema(replay(ordered, { dialect, snapshotsOf: new Set() }).draft));
  const same = { wanted: schema, actual: schema, differences: [] };
  const applied = new Set(graph.order.slice(0, -5));
  return buildReport({
    title: 'A large project',
    madeAt: '2026-01-01T00:00:00.000Z',
    tool: 'surefoot',
    graph,
    editions,
    history: historySpans(ordered, dialect),
    sides: sidesOf({ server: same, models: same, history: schema, at: graph.heads, named: new Map() }),
    database: {
      description: 'postgres://db.example.com/large',
      product: 'PostgreSQL 18.0',
      heads: graph.order.slice(-6, -5),
      pending: graph.order.slice(-5),
      lock: null,
    },
    stateOf: (id) =>
      applied.has(id) ? (states[(graph.nodes.get(id)?.position ?? 0) % 5] ?? 'applied') : 'pending',
    withoutFile: [],
    entries: graph.order.slice(0, -5).map((id, i) => ({
      ...{
        id: i,
        run: `run-${Math.floor(i / 4)}`,
        at: Date.UTC(2022, 0, 2) + i * 3_600_000,
        event: 'moved' as const,
      },
      ...{ revision: id, direction: 'upgrade' as const, statement: null },
      data: { message: `revision ${i}`, ms: 12 + (i % 90), sql: ['x'] },
    })),
    check: { identified: null, findings: [] },
    lint: null,
    rehearsal: null,
    notes: [],
    originOf: () => ({
      author: 'Somebody <somebody@example.com>',
      commit: '0123456789abcdef0123456789abcdef01234567',
      at: null,
    }),
    shownFile: (file) => file.replace('/project/', ''),
  });
}
