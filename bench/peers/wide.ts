// Tools that compare models with a database. In: how many tables. Out: their models, and what is said to them.
// Must not know what is measured.

import { alembicPython } from '../../test/servers/alembic.ts';
import type { Command } from '../measure.ts';
import type { WideColumn, WideTable } from '../wide.ts';
import { wideTables } from '../wide.ts';
import type { PeerPlace } from './peer.ts';
import { script } from './peer.ts';

/** A tool that finds differences. */
export interface WidePeer {
  readonly name: string;
  /** True: it carries out what it finds, so that each run needs a database of its own. */
  readonly changes: boolean;
  /** Its files, by path. */
  files(tables: number): Readonly<Record<string, string>>;
  command(place: PeerPlace): Promise<Command>;
  /** What a run writes, and the next one must not find. */
  readonly written?: string;
}

const text = (value: string): string => JSON.stringify(value);
const lines = (tables: number, each: (table: WideTable) => string): string =>
  wideTables(tables).map(each).join('\n');

const drizzleTypes: Readonly<Record<WideColumn['type'], (column: WideColumn) => string>> = {
  integer: ({ name }) => `integer('${name}')`,
  bigint: ({ name }) => `bigint('${name}', { mode: 'number' })`,
  varchar: ({ name, length }) => `varchar('${name}', { length: ${length} })`,
  text: ({ name }) => `text('${name}')`,
  numeric: ({ name }) => `numeric('${name}', { precision: 12, scale: 2 })`,
  boolean: ({ name }) => `boolean('${name}')`,
  timestamptz: ({ name }) => `timestamp('${name}', { withTimezone: true })`,
};

function drizzleColumn(column: WideColumn): string {
  const identity = column.name === 'id' ? '.primaryKey().generatedByDefaultAsIdentity()' : '';
  const required = column.required && identity === '' ? '.notNull()' : '';
  const initial = column.initial === undefined ? '' : `.default(${text(column.initial)})`;
  return `${column.name}: ${drizzleTypes[column.type](column)}${identity}${required}${initial.replace('"true"', 'true')}`;
}

function drizzleTable({ name, number, parent, columns, indexes }: WideTable): string {
  const keys = indexes.map(
    (one) =>
      `${one.unique ? 'uniqueIndex' : 'index'}('${one.name}').on(${one.columns.map((column) => `t.${column}`).join(', ')})`,
  );
  const link = `foreignKey({ name: 'fk_${name}_parent', columns: [t.parent_id], foreignColumns: [${parent === number ? 't' : `t${parent}`}.id] })`;
  return `export const t${number} = pgTable('${name}', { ${columns.map(drizzleColumn).join(', ')} }, (t) => [${[...keys, link].join(', ')}]);`;
}

const drizzleKit: WidePeer = {
  name: 'drizzle-kit push',
  changes: true,
  files: (tables) => ({
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', schema: './schema.ts', dbCredentials: { url: process.env.DATABASE_URL } };\n",
    'schema.ts': `import { bigint, boolean, foreignKey, index, integer, numeric, pgTable, text, timestamp, uniqueIndex, varchar } from 'drizzle-orm/pg-core';\n${lines(tables, drizzleTable)}\n`,
  }),
  command: async (place) => script(place, 'drizzle-kit/bin.cjs', 'push', '--force'),
};

const typeormTypes: Readonly<Record<WideColumn['type'], (column: WideColumn) => string>> = {
  integer: () => "type: 'integer'",
  bigint: () => "type: 'bigint'",
  varchar: ({ length }) => `type: 'varchar', length: '${length}'`,
  text: () => "type: 'text'",
  numeric: () => "type: 'numeric', precision: 12, scale: 2",
  boolean: () => "type: 'boolean'",
  timestamptz: () => "type: 'timestamptz'",
};

function typeormColumn(table: string, column: WideColumn): string {
  const identity =
    column.name === 'id'
      ? `, primary: true, primaryKeyConstraintName: '${table}_pkey', generated: 'identity', generatedIdentity: 'BY DEFAULT'`
      : '';
  const initial = column.initial === 'true' ? 'true' : text(column.initial ?? '');
  const standard = column.initial === undefined ? '' : `, default: ${initial}`;
  return `${column.name}: { ${typeormTypes[column.type](column)}${identity}${column.required ? '' : ', nullable: true'}${standard} }`;
}

function typeormTable({ name, number, parent, columns, indexes }: WideTable): string {
  const keys = indexes.map(
    (one) => `{ name: '${one.name}', columns: ${JSON.stringify(one.columns)}, unique: ${one.unique} }`,
  );
  const link = `parent: { type: 'many-to-one', target: 'T${parent}', joinColumn: { name: 'parent_id', foreignKeyConstraintName: 'fk_${name}_parent' }, nullable: true }`;
  return `  new EntitySchema({ name: 'T${number}', tableName: '${name}', columns: { ${columns.map((one) => typeormColumn(name, one)).join(', ')} }, indices: [${keys.join(', ')}], relations: { ${link} } }),`;
}

const typeorm: WidePeer = {
  name: 'typeorm migration:generate',
  changes: false,
  files: (tables) => ({
    'package.json': '{ "type": "module", "private": true }\n',
    'data-source.js': `import { DataSource, EntitySchema } from 'typeorm';\nconst entities = [\n${lines(tables, typeormTable)}\n];\nexport default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities });\n`,
  }),
  command: async (place) =>
    script(place, 'typeorm/cli.js', 'migration:generate', 'found', '-d', 'data-source.js', '--dryrun'),
};

const mikroTypes: Readonly<Record<WideColumn['type'], (column: WideColumn) => string>> = {
  integer: () => "type: 'integer'",
  bigint: () => "type: 'bigint'",
  varchar: ({ length }) => `type: 'string', length: ${length}`,
  text: () => "type: 'text'",
  numeric: () => "type: 'decimal', precision: 12, scale: 2",
  boolean: () => "type: 'boolean'",
  timestamptz: () => "type: 'datetime', columnType: 'timestamptz'",
};

function mikroColumn(column: WideColumn, { name, parent }: WideTable): string {
  if (column.name === 'parent_id')
    return `parent: { kind: 'm:1', entity: () => T${parent}, fieldName: 'parent_id', nullable: true, foreignKeyName: 'fk_${name}_parent', index: false, deleteRule: 'no action', updateRule: 'no action' }`;
  const identity =
    column.name === 'id' ? ", primary: true, autoincrement: true, generated: 'by default as identity'" : '';
  const initial = column.initial === 'true' ? 'true' : text(column.initial ?? '');
  const standard = column.initial === undefined ? '' : `, default: ${initial}`;
  return `${column.name}: { ${mikroTypes[column.type](column)}, fieldName: '${column.name}'${identity}${column.required ? '' : ', nullable: true'}${standard} }`;
}

function mikroTable(table: WideTable): string {
  const keys = table.indexes.map(
    (one) =>
      `{ name: '${one.name}', properties: ${JSON.stringify(one.columns)}${one.unique ? ", type: 'unique'" : ''} }`,
  );
  const plain = keys.filter((one) => !one.includes("'unique'"));
  const unique = keys
    .filter((one) => one.includes("'unique'"))
    .map((one) => one.replace(", type: 'unique'", ''));
  return `const T${table.number} = new EntitySchema({ name: 'T${table.number}', tableName: '${table.name}', properties: { ${table.columns.map((one) => mikroColumn(one, table)).join(', ')} }, indexes: [${plain.join(', ')}], uniques: [${unique.join(', ')}] });`;
}

const mikroOrm: WidePeer = {
  name: 'mikro-orm schema:update --dump',
  changes: false,
  files: (tables) => ({
    'tsconfig.json': '{}\n',
    'package.json': '{ "type": "module", "private": true, "dependencies": { "@mikro-orm/cli": "*" } }\n',
    'mikro-orm.config.js': `import { Migrator } from '@mikro-orm/migrations';\nimport { defineConfig, EntitySchema } from '@mikro-orm/postgresql';\n${lines(tables, mikroTable)}\nexport default defineConfig({ clientUrl: process.env.DATABASE_URL, entities: [${wideTables(
      tables,
    )
      .map(({ number }) => `T${number}`)
      .join(', ')}], extensions: [Migrator], metadataCache: { enabled: false } });\n`,
  }),
  command: async (place) => script(place, '@mikro-orm/cli/cli.js', 'schema:update', '--dump'),
};

const pythonTypes: Readonly<Record<WideColumn['type'], (column: WideColumn) => string>> = {
  integer: () => 'sa.Integer()',
  bigint: () => 'sa.BigInteger()',
  varchar: ({ length }) => `sa.String(${length})`,
  text: () => 'sa.Text()',
  numeric: () => 'sa.Numeric(12, 2)',
  boolean: () => 'sa.Boolean()',
  timestamptz: () => 'sa.DateTime(timezone=True)',
};

function pythonColumn(column: WideColumn, { name, parent }: WideTable): string {
  const parts = [`'${column.name}'`, pythonTypes[column.type](column)];
  if (column.name === 'id') parts.push('sa.Identity(always=False)', 'primary_key=True');
  if (column.name === 'parent_id')
    parts.push(`sa.ForeignKey('wide_${String(parent).padStart(5, '0')}.id', name='fk_${name}_parent')`);
  if (column.initial !== undefined)
    parts.push(`server_default=${column.initial === 'true' ? "sa.text('true')" : `'${column.initial}'`}`);
  parts.push(`nullable=${column.required ? 'False' : 'True'}`);
  return `sa.Column(${parts.join(', ')})`;
}

function pythonTable(table: WideTable): string {
  const keys = table.indexes.map(
    (one) =>
      `sa.Index('${one.name}', ${one.columns.map((column) => `'${column}'`).join(', ')}${one.unique ? ', unique=True' : ''})`,
  );
  return `sa.Table('${table.name}', metadata, ${[...table.columns.map((one) => pythonColumn(one, table)), ...keys].join(', ')})`;
}

const pythonEnvironment = `import os
from alembic import context
from sqlalchemy import create_engine, pool
from models import metadata

url = os.environ['DATABASE_URL'].replace('postgres://', 'postgresql+psycopg2://')
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()
`;

const pythonTemplate = `revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}


def upgrade():
    \${upgrades if upgrades else 'pass'}


def downgrade():
    \${downgrades if downgrades else 'pass'}
`;

const alembic: WidePeer = {
  name: 'Alembic revision --autogenerate (in Python)',
  changes: false,
  written: 'alembic/versions',
  files: (tables) => ({
    'alembic.ini': '[alembic]\nscript_location = alembic\nprepend_sys_path = .\n',
    'alembic/env.py': pythonEnvironment,
    'alembic/script.py.mako': pythonTemplate,
    'models.py': `import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n${lines(tables, pythonTable)}\n`,
  }),
  command: async ({ project, url }) => {
    const python = await alembicPython();
    const env = Object.fromEntries(Object.entries(python.env).map(([name, value]) => [name, value ?? '']));
    const argv = [...python.argv, '-m', 'alembic', 'revision', '--autogenerate', '-m', 'found'];
    return { argv, cwd: project, env: { ...env, DATABASE_URL: url } };
  },
};

/** The most used first. */
export const widePeers: readonly WidePeer[] = [drizzleKit, typeorm, mikroOrm, alembic];
