// Revisions of operations as files: both ways, in TypeScript and in SQL, read back as what was meant.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationsRevision } from '../../src/autogenerate/write-operations.ts';
import {
  renderOperationsRevision,
  writeOperationsRevision,
} from '../../src/autogenerate/write-operations.ts';
import { offlineDialect } from '../../src/config/choose-dialect.ts';
import type { Statement } from '../../src/dialect/statement.ts';
import { diff } from '../../src/diff/diff.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { createBuilder } from '../../src/revisions/builder.ts';
import { loadRevision } from '../../src/revisions/load.ts';
import type { OperationBuilder } from '../../src/revisions/operation-builder.ts';
import { readHeader } from '../../src/revisions/scan.ts';
import { t } from '../../src/schema/column-builder.ts';
import { defineSchema, table } from '../../src/schema/define-schema.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { refusal } from '../support/refusal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surefoot-write-operations-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const before = defineSchema({
  tables: { user: table((t) => ({ id: t.integer().identity().primaryKey(), email: t.varchar(120) })) },
});
const wanted = defineSchema({
  tables: {
    user: table(
      (t) => ({
        id: t.integer().identity().primaryKey(),
        email: t.varchar(120),
        api_token: t.varchar(255),
      }),
      { indexes: [{ name: 'ix_user_api_token', columns: ['api_token'], unique: true }] },
    ),
  },
});
const upgrade = diff(before, wanted).operations;

function said(write: (op: OperationBuilder) => void): readonly Operation[] {
  const recording = createBuilder();
  write(recording.op);
  return recording.operations();
}

let count = 0;
function given(more: Partial<OperationsRevision> = {}): OperationsRevision {
  const header = {
    id: `e${count++}`,
    revises: ['d1'],
    message: 'ensure api_token',
    createdAt: '2024-06-11T17:00:00Z',
  };
  return { folder, header, before, upgrade, downgrade: 'auto', ...more };
}

const naming = defaultNaming({ length: 63, unit: 'bytes' });
const inline = ({ sql, parameters }: Statement) => sql.replace('$1::text', `'${parameters[0]}'`);
const target = async (url: string) => ({ dialect: await offlineDialect({ url }, folder), naming });

async function written(revision: OperationsRevision) {
  const { file, text } = await writeOperationsRevision(revision);
  const header = readHeader(text, file);
  if (!header) throw new Error('it has no header');
  const dialect = revision.sql?.dialect ?? (await target('sqlite::memory:')).dialect;
  const { name, traits, syntax } = dialect;
  const loaded = await loadRevision(header, { dialect: name, flavor: traits.flavor, syntax });
  return { text, loaded };
}

describe('in TypeScript', () => {
  it('a safety revision reads like one written by hand', async () => {
    const header = { ...given().header, id: 'd1f2e3c4b5a6', safety: true };
    const comments = [
      { operation: 0, text: 'Production had none, although 3e5106ee570c was recorded there.' },
    ];
    const { text, loaded } = await written(given({ header, comments }));
    expect(text).toMatchInlineSnapshot(`
      "import { revision, t } from 'surefoot';

      export default revision({
        id: 'd1f2e3c4b5a6',
        revises: 'd1',
        message: 'ensure api_token',
        createdAt: '2024-06-11T17:00:00Z',
        safety: true,

        upgrade(op) {
          // Production had none, although 3e5106ee570c was recorded there.
          op.addColumn('user', 'api_token', t.varchar(255));

          op.createIndex('user', ['api_token'], { name: 'ix_user_api_token', unique: true });
        },

        downgrade: 'auto',
      });
      "
    `);
    expect(loaded.header.safety).toBe(true);
    expect(loaded.downgrade).toEqual({ kind: 'auto' });
  });

  it('both ways, where the way back is given', async () => {
    const downgrade = said((op) => op.dropColumn('user', 'api_token'));
    const { text, loaded } = await written(given({ downgrade }));
    expect(text).toContain("  downgrade(op) {\n    op.dropColumn('user', 'api_token');\n  },");
    expect(loaded.downgrade).toMatchObject({ kind: 'operations' });
  });

  it('text of templates stays where it is', async () => {
    const sql = 'CREATE TRIGGER tr AFTER INSERT ON "user"\nBEGIN\n  SELECT \'`\';\n\n\tSELECT 2;\nEND';
    const more = said((op) => {
      op.createTrigger('user', 'tr', sql);
      op.dropColumn('user', 'email');
    });
    const { text, loaded } = await written(given({ upgrade: more }));
    expect(loaded.upgrade[0]).toMatchObject({ trigger: { sql } });
    expect(text).toContain("\n\n    op.dropColumn('user', 'email');\n");
  });

  it('what nothing undoes says so', async () => {
    const oneWay = said((op) => op.addEnumValue('mood', 'ok'));
    const { text, loaded } = await written(given({ upgrade: oneWay }));
    expect(text).toContain('downgrade: irreversible("nothing undoes: add value \'ok\' to enum mood"),');
    expect(loaded.downgrade).toMatchObject({ kind: 'irreversible' });
  });

  it('a reason that is given is kept', async () => {
    const { loaded } = await written(given({ downgrade: { irreversible: "it's\ngone" } }));
    expect(loaded.downgrade).toEqual({ kind: 'irreversible', reason: "it's\ngone" });
  });

  it('a file that is there stays as it is', async () => {
    const revision = given();
    await writeOperationsRevision(revision);
    await refusal(writeOperationsRevision(revision), 'revision/exists');
  });
});

describe('in SQL', () => {
  it('both ways, for PostgreSQL', async () => {
    const comments = [{ operation: 1, text: 'upgrade: fails where two users have one token.' }];
    const { text, loaded } = await written(given({ comments, sql: await target('postgres://x/y') }));
    expect(text).toMatchInlineSnapshot(`
      "-- id: e7
      -- revises: d1
      -- message: ensure api_token
      -- created: 2024-06-11T17:00:00Z

      -- upgrade
      ALTER TABLE "user" ADD COLUMN "api_token" character varying(255);

      -- note: upgrade: fails where two users have one token.
      CREATE UNIQUE INDEX "ix_user_api_token" ON "user" ("api_token");

      -- downgrade
      DROP INDEX "ix_user_api_token";

      ALTER TABLE "user" DROP COLUMN "api_token";
      "
    `);
    expect(loaded.upgrade).toHaveLength(2);
    expect(loaded.downgrade).toMatchObject({ kind: 'operations', operations: [{ kind: 'execute' }, {}] });
  });

  it('bodies with semicolons are one statement each, on MySQL and SQLite', async () => {
    const sql =
      'CREATE TRIGGER tr BEFORE INSERT ON user FOR EACH ROW\nBEGIN\n  SET @a = 1;\n  SET @b = 2;\nEND';
    const more = said((op) => op.createTrigger('user', 'tr', sql));
    for (const url of ['mysql://x/y', 'mariadb://x/y', 'sqlite::memory:']) {
      const { loaded } = await written(given({ upgrade: more, sql: await target(url) }));
      expect(loaded.upgrade).toMatchObject([{ kind: 'execute', sql }]);
      expect(loaded.downgrade).toMatchObject({ operations: [{ kind: 'execute' }] });
    }
  });

  it('what must stand outside a transaction takes the revision with it', async () => {
    const more = said((op) => op.createIndex('user', ['email'], { concurrently: true }));
    const { loaded } = await written(given({ upgrade: more, sql: await target('postgres://x/y') }));
    expect(loaded.header.transaction).toBe('none');
  });

  it('what nothing undoes says so', async () => {
    const oneWay = said((op) => op.execute('UPDATE "user" SET email = \'\''));
    const { loaded } = await written(given({ upgrade: oneWay, sql: await target('postgres://x/y') }));
    expect(loaded.downgrade).toMatchObject({ kind: 'irreversible' });
  });

  it.each([
    ['a precondition', (op: OperationBuilder) => op.assert('SELECT 1', 'x'), 'postgres://x/y'],
    [
      'values beside the text',
      (op: OperationBuilder) => op.insertRows('user', [{ id: 1 }]),
      'postgres://x/y',
    ],
    [
      'a table that is copied',
      (op: OperationBuilder) => op.alterColumn('user', 'email', { type: t.text() }),
      'sqlite::memory:',
    ],
    [
      'a trigger of two statements',
      (op: OperationBuilder) => op.createTrigger('user', 'x', 'SELECT 1; SELECT 2'),
      'mysql://x/y',
    ],
  ])('%s is refused', async (_, write, url) => {
    const revision = given({ upgrade: said(write), sql: await target(url) });
    const error = await refusal(writeOperationsRevision(revision), 'operation/not-writable');
    expect(error.hint).toContain('TypeScript');
  });

  it('values are written into the text by who knows how', async () => {
    const rows = said((op) => op.insertRows('user', [{ id: 1 }]));
    const sql = { ...(await target('postgres://x/y')), inline };
    expect(renderOperationsRevision(given({ upgrade: rows, sql }))).toContain("VALUES ('1'::integer);");
  });
});

it('an empty revision is one, too', async () => {
  const { loaded } = await written(given({ before: emptySchema, upgrade: [] }));
  expect(loaded.upgrade).toEqual([]);
});
