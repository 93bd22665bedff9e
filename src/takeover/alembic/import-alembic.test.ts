import { describe, expect, test } from 'vitest';
import type { DialectName } from '../../schema/schema.ts';
import { decodePython } from './decode.ts';
import { importAlembic } from './import-alembic.ts';
import { noRules, parseRules } from './rules.ts';

interface Given {
  readonly up?: string;
  readonly down?: string;
  readonly head?: string;
  readonly id?: string;
  readonly parent?: string;
  readonly module?: string;
}

const lines = (code: string): string =>
  code
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

const version = ({
  up = 'pass',
  down = 'pass',
  id = 'a1',
  parent = 'None',
  head = '',
  module = '',
}: Given): string => `"""message of ${id}

Revision ID: ${id}
Revises: x
Create Date: 2024-05-06 07:08:09.123456

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

revision = '${id}'
down_revision = ${parent}
${head}
${module}

def upgrade():
${lines(up)}


def downgrade():
${lines(down)}
`;

const postgres: readonly DialectName[] = ['postgres'];

async function take(files: readonly string[], dialects = postgres, rules = noRules) {
  const found = files.map((text, at) => ({ file: `/p/${at}.py`, text }));
  return await importAlembic(found, { rules, dialects, folder: '/p' });
}

/** The upgrade of one file. */
async function upgrade(
  up: string,
  given: Given & { readonly dialects?: readonly DialectName[] } = {},
): Promise<string> {
  const { files } = await take([version({ ...given, up })], given.dialects);
  return files[0]?.body.upgrade ?? '';
}

const person = `op.create_table('person', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('n', sa.Integer()), sa.Column('email', sa.String(50), unique=True))`;
const behind = async (up: string, given: Parameters<typeof upgrade>[1] = {}): Promise<string> =>
  (await upgrade(`${person}\n${up}`, given)).split(/\n\n/).slice(1).join('\n');

describe('directives', () => {
  const cases: readonly (readonly [python: string, typescript: string])[] = [
    ["op.drop_table('person')", "op.dropTable('person');"],
    ["op.rename_table('person', 'people')", "op.renameTable('person', 'people');"],
    ["op.create_table_comment('person', 'folk')", "op.setTableComment('person', 'folk');"],
    ["op.drop_table_comment('person')", "op.setTableComment('person', null);"],
    [
      "op.add_column('person', sa.Column('x', sa.Text(), nullable=False))",
      "op.addColumn('person', 'x', t.text().notNull());",
    ],
    ["op.drop_column('person', 'n')", "op.dropColumn('person', 'n');"],
    [
      "op.alter_column('person', 'n', nullable=False, existing_type=sa.Integer())",
      "op.alterColumn('person', 'n', { nullable: false });",
    ],
    [
      "op.alter_column('person', 'n', type_=sa.BigInteger(), postgresql_using='n::bigint')",
      "op.alterColumn('person', 'n', { type: t.bigint() }, { using: 'n::bigint' });",
    ],
    ["op.alter_column('person', 'n', server_default='7')", "op.alterColumn('person', 'n', { default: 7 });"],
    [
      "op.alter_column('person', 'n', server_default=None)",
      "op.alterColumn('person', 'n', { default: null });",
    ],
    ["op.alter_column('person', 'n', new_column_name='m')", "op.renameColumn('person', 'n', 'm');"],
    [
      "op.create_index('ix', 'person', ['n'], unique=True)",
      "op.createIndex('person', ['n'], { name: 'ix', unique: true });",
    ],
    ["op.create_index(None, 'person', ['n'])", "op.createIndex('person', ['n'], { name: 'ix_person_n' });"],
    [
      "op.create_foreign_key('fk', 'person', 'other', ['n'], ['id'], ondelete='CASCADE')",
      "op.addForeignKey('person', ['n'], {\n  table: 'other',\n  columns: ['id'],\n  name: 'fk',\n  onDelete: 'cascade',\n});",
    ],
    ["op.create_unique_constraint('uq', 'person', ['n'])", "op.addUnique('person', ['n'], { name: 'uq' });"],
    [
      "op.create_check_constraint('ck', 'person', sa.column('n') > 0)",
      "op.addCheck('person', 'n > 0', { name: 'ck' });",
    ],
    [
      "op.drop_constraint('person_email_key', 'person', type_='unique')",
      "op.dropUnique('person', { columns: ['email'] });",
    ],
    ["op.drop_constraint('person_pkey', 'person')", "op.dropPrimaryKey('person');"],
    [
      "op.execute('UPDATE person SET n = 1; DELETE FROM person')",
      "op.execute('UPDATE person SET n = 1');\nop.execute('DELETE FROM person');",
    ],
    ["op.execute(\"CREATE TYPE mood AS ENUM ('sad', 'ok')\")", "op.createEnum('mood', ['sad', 'ok']);"],
    [
      "op.bulk_insert(sa.table('person', sa.column('n')), [{'n': 1}])",
      "op.insertRows('person', [{ n: 1 }]);",
    ],
    [
      "p = sa.table('person', sa.column('n'))\nop.execute(p.update().where(p.c.n.in_([1, 2])).values(n=None))",
      "op.execute('UPDATE person SET n = NULL WHERE n IN (1, 2)');",
    ],
    [
      "p = sa.table('person', sa.column('n'))\nop.get_bind().execute(p.delete().where(sa.or_(p.c.n == 1, p.c.n != sa.null())))",
      "op.execute('DELETE FROM person WHERE (n = 1) OR (n IS NOT NULL)');",
    ],
    [
      "op.get_bind().execute(sa.text('UPDATE person SET n = :n'), {'n': 5})",
      "op.execute('UPDATE person SET n = 5');",
    ],
    [
      "with op.get_context().autocommit_block():\n    op.execute('VACUUM')",
      "op.execute('VACUUM', { transaction: false });",
    ],
    [
      "with op.batch_alter_table('person') as b:\n    b.drop_column('n')\n    b.create_index(b.f('ix'), ['email'])",
      "op.dropColumn('person', 'n');\nop.createIndex('person', ['email'], { name: 'ix' });",
    ],
    ["try:\n    op.drop_column('person', 'n')\nexcept Exception:\n    pass", "op.dropColumn('person', 'n');"],
    [
      "for name in ['a', 'b']:\n    op.add_column('person', sa.Column(f'{name}_at', sa.Date()))",
      "op.addColumn('person', 'a_at', t.date());\nop.addColumn('person', 'b_at', t.date());",
    ],
    [
      "if op.get_bind().dialect.name == 'postgresql':\n    op.drop_column('person', 'n')\nelse:\n    op.drop_table('person')",
      "op.dropColumn('person', 'n');",
    ],
  ];
  test.each(cases)('%s', async (python, typescript) => {
    expect(await behind(python)).toBe(typescript);
  });
});

describe('types and defaults', () => {
  const cases: readonly (readonly [python: string, typescript: string])[] = [
    ['sa.String(9)', 't.varchar(9)'],
    ['sa.SmallInteger', 't.smallint()'],
    ['sa.Float()', 't.double()'],
    ['sa.Numeric(8, 3)', 't.numeric(8, 3)'],
    ['sa.DateTime(timezone=True)', 't.timestamptz()'],
    ['sa.LargeBinary()', 't.binary()'],
    ['sa.Interval()', "t.native('interval')"],
    ['postgresql.UUID(as_uuid=True)', 't.uuid()'],
    ['postgresql.JSONB(astext_type=sa.Text())', "t.native('jsonb')"],
    ['postgresql.ARRAY(sa.Integer())', "t.native('integer[]')"],
    ["sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')", "t.native('jsonb')"],
    ["sa.Enum('a', 'bc', native_enum=False)", 't.varchar(2)'],
    ['sa.Boolean(), server_default=sa.false()', 't.boolean().default(false)'],
    ["sa.DateTime(), server_default=sa.text('now()')", "t.timestamp().default(sql('CURRENT_TIMESTAMP'))"],
    ["sa.String(9), server_default='x'", "t.varchar(9).default('x')"],
  ];
  test.each(cases)('%s', async (python, typescript) => {
    expect(await behind(`op.add_column('person', sa.Column('x', ${python}))`)).toBe(
      `op.addColumn('person', 'x', ${typescript});`,
    );
  });

  test('on MySQL: unsigned integers, texts of a size', async () => {
    const add = (type: string) =>
      behind(`op.add_column('person', sa.Column('x', ${type}))`, { dialects: ['mysql'] });
    expect(await add('mysql.INTEGER(unsigned=True)')).toContain("t.native('int unsigned')");
    expect(await add('mysql.LONGTEXT()')).toContain("t.native('longtext')");
    expect(await add('mysql.DATETIME(fsp=6)')).toContain('t.timestamp({ precision: 6 })');
  });
});

describe('what is there', () => {
  const guard = `insp = sa.inspect(op.get_bind())\ncolumns = [c['name'] for c in insp.get_columns('person')]\n`;

  test('a question to the inspector is left out', async () => {
    expect(
      await behind(`${guard}if 'x' not in columns:\n    op.add_column('person', sa.Column('x', sa.Date()))`),
    ).toBe("op.addColumn('person', 'x', t.date());");
    expect(await behind(`${guard}if 'n' in columns:\n    op.drop_column('person', 'n')`)).toBe(
      "op.dropColumn('person', 'n');",
    );
    expect(
      await behind(
        `${guard}if 'x' in columns:\n    return\nop.add_column('person', sa.Column('x', sa.Date()))`,
      ),
    ).toBe("op.addColumn('person', 'x', t.date());");
  });

  test('what history has already makes it a safety revision', async () => {
    const again = `${guard}if 'n' not in columns:\n    op.add_column('person', sa.Column('n', sa.Integer()))`;
    const { files } = await take([version({ up: person }), version({ id: 'b2', parent: "'a1'", up: again })]);
    expect(files[1]?.header.safety).toBe(true);
    expect(files[1]?.body.upgrade).toBe("op.addColumn('person', 'n', t.integer());");
  });
});

test('on several kinds of databases: a type of each, else branches', async () => {
  const dialects: readonly DialectName[] = ['postgres', 'mysql', 'sqlite'];
  expect(await behind("op.add_column('person', sa.Column('x', sa.Uuid()))", { dialects })).toBe(
    "op.addColumn(\n  'person',\n  'x',\n  t.native({ postgres: 'uuid', mysql: 'char(32)', sqlite: 'char(32)' }),\n);",
  );
  expect(
    await behind("if op.get_bind().dialect.name == 'mysql':\n    op.drop_column('person', 'n')", {
      dialects,
    }),
  ).toBe("if (dialect === 'mysql') {\n  op.dropColumn('person', 'n');\n}");
});

describe('what stays', () => {
  const loop = `bind = op.get_bind()\nfor row in bind.execute(sa.text('SELECT id FROM person')):\n    bind.execute(slow(row))`;

  test('is a step that refuses, with its source', async () => {
    const { files, report } = await take([version({ up: `${person}\n${loop}` })]);
    expect(report.revisions[0]).toMatchObject({
      status: 'schema',
      remainders: [{ reason: 'a loop over rows of a query' }],
    });
    expect(report.totals).toEqual({ revisions: 1, full: 0, schema: 1, none: 0 });
    expect(files[0]?.body.upgrade).toContain('//     for row in bind.execute(');
    expect(files[0]?.body.upgrade).toContain('throw new Error(');
  });

  test('with a change of the schema in it, is not whole', async () => {
    const { report } = await take([version({ up: 'for name in names():\n    op.drop_table(name)' })]);
    expect(report.revisions[0]?.status).toBe('none');
  });

  test('rules answer tests and say what types are', async () => {
    const rules = parseRules('{ "tests": { "is_pg(x)": true }, "types": { "GUID": "uuid" } }', 'r.json');
    const up = `${person}\nif is_pg( x ):\n    op.add_column('person', sa.Column('u', app.GUID()))`;
    const { files } = await take([version({ up, module: 'import app' })], postgres, rules);
    expect(files[0]?.body.upgrade).toContain("op.addColumn('person', 'u', t.uuid());");
  });
});

describe('downgrades', () => {
  const down = async (code: string) =>
    (await take([version({ up: person, down: code })])).files[0]?.body.downgrade;
  test('auto, irreversible, or as written', async () => {
    expect(await down("op.drop_table('person')")).toBe('auto');
    expect(await down('pass')).toEqual({ irreversible: 'in Alembic its downgrade() did nothing' });
    expect(await down("raise NotImplementedError('gone')")).toEqual({ irreversible: 'gone' });
    expect(await down("op.rename_table('person', 'old')")).toBe("op.renameTable('person', 'old');");
  });
});

describe('the graph', () => {
  test('branches, merges, labels and dependencies stay', async () => {
    const { report, files } = await take([
      version({ id: 'm', parent: "('b', 'c')" }),
      version({ id: 'c', parent: "'a'", head: "depends_on = 'side'" }),
      version({ id: 'b', parent: "'a'", head: "branch_labels = ('side',)" }),
      version({ id: 'a' }),
    ]);
    expect(report.heads).toEqual(['m']);
    expect(files.map(({ header }) => header.id)).toEqual(['a', 'b', 'c', 'm']);
    expect(files[2]?.header).toMatchObject({
      dependsOn: ['side'],
      revises: ['a'],
      createdAt: '2024-05-06T07:08:09Z',
      message: 'message of c',
    });
    expect(files[3]?.header.revises).toEqual(['b', 'c']);
  });

  test('two heads, a missing parent, a circle, one id twice, a long id, a strange one', async () => {
    const long = 'x'.repeat(40);
    const { report, files } = await take([
      version({ id: 'a', parent: "'gone'" }),
      version({ id: 'b', parent: "'c'" }),
      version({ id: 'c', parent: "'b'" }),
      version({ id: 'd' }),
      version({ id: 'd' }),
      version({ id: long }),
      version({ id: 'e-1' }),
    ]);
    const reasons = Object.fromEntries(
      report.revisions.map(({ id, remainders }) => [id, remainders.map(({ reason }) => reason).join()]),
    );
    expect(report.heads).toEqual(['a', 'd', 'e_1', long]);
    expect(reasons['a']).toContain('its parent gone is in no file');
    expect(reasons['b']).toContain('circle');
    expect(reasons['d']).toContain('3.py has the same id');
    expect(reasons[long]).toContain('40 characters');
    expect(files.find(({ header }) => header.id === 'e_1')?.header.importedAs).toBe('e-1');
  });

  test('a file that does not parse is read as far as it goes; one without a head is named', async () => {
    const { report, unread } = await take([
      version({ up: `${person}\nop.drop_table('person'` }),
      'def (:\n',
      'x = 1\n',
    ]);
    expect(report.revisions).toMatchObject([{ id: 'a1', status: 'none' }]);
    expect(unread).toMatchObject([{ file: '1.py' }]);
  });
});

test('line ends, marks and codings of files', () => {
  expect(decodePython(Buffer.from('\ufeffa\r\nb\rc', 'utf8'))).toBe('a\nb\nc');
  expect(decodePython(Buffer.from('# -*- coding: latin-1 -*-\nx = "é"\n', 'latin1'))).toContain('"é"');
});
