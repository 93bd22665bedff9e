// Forms in which version files are written: what each becomes.

import { expect, test } from 'vitest';
import type { DialectName } from '../../schema/schema.ts';
import { importAlembic } from './import-alembic.ts';
import { noRules } from './rules.ts';
import { mentionedNames } from './server-names.ts';
import { settingsOfIni, settingsOfToml } from './settings.ts';

const head = `from alembic import op, context
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.dialects import mysql, postgresql
`;

const first = `${head}revision = 'r0'
down_revision = None
def upgrade():
    op.create_table('org', sa.Column('id', sa.Integer(), primary_key=True))
    op.create_table('person', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('n', sa.Integer()),
        sa.Column('email', sa.String(50), unique=True), sa.Column('org_id', sa.Integer(), sa.ForeignKey('org.id')))
`;

interface Asked {
  readonly module?: string;
  readonly dialects?: readonly DialectName[];
  readonly naming?: Readonly<Record<string, string>>;
}

async function taken(up: string, { module = '', dialects = ['postgres'], naming = {} }: Asked = {}) {
  const body = up
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  const second = `${head}revision = 'r1'\ndown_revision = 'r0'\n${module}\ndef upgrade():\n${body}\n`;
  const { files, report } = await importAlembic(
    [first, second].map((one, at) => ({ file: `/p/${at}.py`, text: one })),
    { rules: { ...noRules, namingConvention: new Map(Object.entries(naming)) }, dialects, folder: '/p' },
  );
  const revision = report.revisions.find(({ id }) => id === 'r1');
  const file = files.find((one) => one.header.id === 'r1');
  return { status: revision?.status, remainders: revision?.remainders ?? [], text: file?.body.upgrade ?? '' };
}

const forms: readonly (readonly [name: string, module: string, up: string, expected: string])[] = [
  [
    'a helper that asks for the dialect',
    'def _is_pg(conn):\n    return conn.dialect.name == "postgresql"',
    'conn = op.get_bind()\nif _is_pg(conn):\n    op.drop_column("person", "n")\nelse:\n    op.drop_table("person")',
    "op.dropColumn('person', 'n');",
  ],
  [
    'a test of the application, by its name',
    'from app.settings import settings',
    'if not settings.app_pg_uri:\n    return\nop.drop_column("person", "n")',
    "op.dropColumn('person', 'n');",
  ],
  [
    'a question of the application about what is there',
    'from app.util import column_exists',
    'if not column_exists("person", "x"):\n    op.add_column("person", sa.Column("x", sa.Text()))',
    "op.addColumn('person', 'x', t.text());",
  ],
  [
    'rows of the catalogue as a guard',
    '',
    'found = op.get_bind().execute(text("SELECT 1 FROM information_schema.columns WHERE column_name = \'x\'"))\nif not found.fetchone():\n    op.add_column("person", sa.Column("x", sa.Text()))',
    "op.addColumn('person', 'x', t.text());",
  ],
  [
    'a foreign key by the name that the inspector tells',
    '',
    'insp = sa.inspect(op.get_bind())\nfor fk in insp.get_foreign_keys("person"):\n    if fk["referred_table"] == "org":\n        op.drop_constraint(fk["name"], "person", type_="foreignkey")',
    "op.dropForeignKey('person', { columns: ['org_id'] });",
  ],
  [
    'an enum of the language',
    'import enum\nclass Color(str, enum.Enum):\n    red = "r"\n    blue = "b"',
    'op.add_column("person", sa.Column("c", sa.Enum(Color, native_enum=False, values_callable=lambda x: [e.value for e in x])))\nop.execute(f"UPDATE person SET c = \'{Color.red.value}\'")',
    'op.execute("UPDATE person SET c = \'r\'");',
  ],
  [
    'a model of the file',
    'Base = sa.orm.declarative_base()\nclass Person(Base):\n    __tablename__ = "person"\n    id = sa.Column(sa.Integer, primary_key=True)\n    n = sa.Column(sa.Integer)',
    'op.execute(sa.update(Person).where(Person.n == 1).values(n=2))\nop.bulk_insert(Person.__table__, [{"id": 1, "n": 2}])',
    "op.execute('UPDATE person SET n = 2 WHERE n = 1');\nop.insertRows('person', [{ id: 1, n: 2 }]);",
  ],
  [
    'a case, a cast, a pattern',
    'p = sa.table("person", sa.column("n"), sa.column("email"))',
    'op.execute(p.update().values(n=sa.case((p.c.email == "a", 1), else_=2)))\nop.execute(p.update().where(p.c.email.startswith("x")).values(email=sa.cast(p.c.n, sa.String(5))))',
    'op.execute("UPDATE person SET n = CASE WHEN email = \'a\' THEN 1 ELSE 2 END");\nop.execute("UPDATE person SET email = CAST(n AS varchar(5)) WHERE email LIKE \'x%\'");',
  ],
  [
    'a format with a specification',
    '',
    'for i in range(2):\n    op.drop_column("person", f"c{i:02d}")',
    "op.dropColumn('person', 'c00');\nop.dropColumn('person', 'c01');",
  ],
  [
    'public is no schema',
    '',
    "op.add_column('person', sa.Column('x', sa.Text()), schema='public')",
    "op.addColumn('person', 'x', t.text());",
  ],
  [
    'the server’s name, where raw SQL goes by it',
    '',
    "op.create_unique_constraint(None, 'person', ['n'])\nop.execute('ALTER TABLE person DROP CONSTRAINT person_n_key')",
    "op.addUnique('person', ['n'], { name: 'person_n_key' });\nop.execute('ALTER TABLE person DROP CONSTRAINT person_n_key');",
  ],
  [
    'a query that is called for what it does',
    '',
    'rows = op.get_bind().execute(text("SELECT setval(\'person_id_seq\', 9)"))',
    'op.execute("SELECT setval(\'person_id_seq\', 9)");',
  ],
  [
    'how full an index is',
    '',
    "op.create_index('ix', 'person', ['n'], postgresql_with={'fillfactor': 70})",
    'op.execute(`ALTER INDEX "ix" SET (fillfactor = 70)`, { effect: \'none\' });',
  ],
  [
    'an object of alembic_utils',
    'from alembic_utils.pg_view import PGView',
    'op.create_entity(PGView(schema="public", signature="v", definition="SELECT 1 AS a"))',
    'op.execute(`CREATE VIEW "public".v AS SELECT 1 AS a`);',
  ],
];

test.each(forms)('%s', async (_, module, up, expected) => {
  const found = await taken(up, { module });
  expect(found.remainders).toEqual([]);
  expect(found.text.replaceAll('\n\n', '\n')).toContain(expected);
});

test('a naming convention names what has no name, and what a directive names', async () => {
  const naming = { uq: 'uq__%(table_name)s__%(column_0_N_name)s', ck: 'ck__%(constraint_name)s' };
  const up = `op.create_table('t', sa.Column('a', sa.Integer(), unique=True), sa.CheckConstraint('a > 0', name='a'))
op.create_unique_constraint(op.f('mine'), 'person', ['n'])
op.create_check_constraint('n', 'person', 'n > 0')`;
  const { text } = await taken(up, { naming });
  expect(text).toContain("t.integer().unique('uq__t__a').check('a > 0', 'ck__a')");
  expect(text).toContain("op.addUnique('person', ['n'], { name: 'mine' });");
  expect(text).toContain("op.addCheck('person', 'n > 0', { name: 'ck__n' });");
});

test('a name that is too long is shortened as SQLAlchemy does', async () => {
  const { text } = await taken(`op.create_index(op.f('ix_${'x'.repeat(70)}'), 'person', ['n'])`);
  expect(text).toMatch(/name: 'ix_x{52}_[0-9a-f]{4}'/);
});

test('a key of MySQL counts, though its type is MySQL’s own, and is dropped by the name of its column', async () => {
  const up = `op.create_table('t', sa.Column('id', mysql.INTEGER(unsigned=True), primary_key=True))
op.drop_index('email', 'person')`;
  const { text } = await taken(up, { dialects: ['mysql'] });
  expect(text).toMatch(/int unsigned.*identity/i);
  expect(text).toContain("op.dropUnique('person', { columns: ['email'] });");
});

test('what the application does to the schema is not taken for data', async () => {
  const found = await taken('add_columns("person", sa.Column("x", sa.Text()))', {
    module: 'from app.util import add_columns',
  });
  expect(found.status).toBe('none');
});

test('neighbours that stay are one step', async () => {
  const { text, remainders } = await taken('one()\ntwo()\nop.drop_table("person")\nthree()', {
    module: 'from app import one, two, three',
  });
  expect(remainders.map(({ line }) => line)).toEqual([9, 10, 12]);
  expect(text.match(/op\.run\(/g)).toHaveLength(2);
  expect(text).toMatch(
    /NOT TRANSLATED: 1\.py:9: .*\n\/\/ NOT TRANSLATED: 1\.py:10: .*\n\/\/\n\/\/ {5}one\(\)\n\/\/ {5}two\(\)\n/,
  );
});

test('code that goes deeper than any stack is named, and nothing else suffers', async () => {
  const deep = `${head}revision = 'r1'\ndown_revision = 'r0'\ndef upgrade():\n    x = a${'.b()'.repeat(8000)}\n`;
  const lambdas = `${head}revision = 'r2'\ndown_revision = 'r0'\nf = lambda n: f(n)\ndef upgrade():\n    f(1)\n`;
  const given = [first, deep, lambdas].map((text, at) => ({ file: `/p/${at}.py`, text }));
  const { report, unread } = await importAlembic(given, {
    dialects: ['postgres'],
    folder: '/p',
    rules: noRules,
  });
  expect(report.revisions.map(({ id, status }) => [id, status])).toEqual([
    ['r0', 'full'],
    ['r2', 'schema'],
  ]);
  expect(unread).toEqual([{ file: '1.py', reason: 'line 1: its code is nested too deeply to be read' }]);
});

test('a test of the application that tells nothing stays', async () => {
  const found = await taken('if settings.other:\n    op.drop_table("person")', {
    module: 'from app import settings',
  });
  expect(found.remainders.map(({ reason }) => reason)).toEqual(['a condition that only running can tell']);
});

test('several databases in one file: the usual one, and what the others hold', async () => {
  const file = `${head}revision = 'r1'
down_revision = 'r0'
def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()
def upgrade_():
    op.drop_table('person')
def upgrade_logs():
    op.drop_table('log')
`;
  const given = [first, file].map((text, at) => ({ file: `/p/${at}.py`, text }));
  const means = { dialects: ['postgres'] as const, folder: '/p' };
  const usual = await importAlembic(given, { ...means, rules: noRules });
  expect(usual.files[1]?.body.upgrade).toBe("op.dropTable('person');");
  expect(usual.report.revisions[1]).toMatchObject({
    status: 'full',
    remainders: [{ line: 11, reason: expect.stringContaining('"bind": "logs"') }],
  });
  const other = await importAlembic(given, { ...means, rules: { ...noRules, bind: 'logs' } });
  expect(other.files[1]?.body.upgrade).toBe("op.dropTable('log');");
});

test('names that raw SQL mentions', () => {
  const found = mentionedNames([
    `op.drop_constraint('a_b_key')\nop.execute("ALTER TABLE a DROP CONSTRAINT a_c_key")`,
  ]);
  expect([...found]).toEqual(['a_c_key']);
});

test('settings of alembic.ini and pyproject.toml', () => {
  const ini = settingsOfIni(
    '[other]\nscript_location = x\n[alembic]\n# remark\nscript_location = db\nversion_locations =\n    a\n    b\n',
  );
  expect(Object.fromEntries(ini)).toEqual({ script_location: 'db', version_locations: '\na\nb' });
  const toml = settingsOfToml(
    '[tool.alembic]\nscript_location = "%(here)s/db"\n# remark\nversion_locations = [\n  "a", # first\n  \'b\'\n]\nrecursive_version_locations = true\n[tool.x]\nscript_location = "y"\n',
  );
  expect(Object.fromEntries(toml)).toEqual({
    script_location: '%(here)s/db',
    version_locations: ['a', 'b'],
    recursive_version_locations: 'true',
  });
});
