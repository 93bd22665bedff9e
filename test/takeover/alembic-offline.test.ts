// `--with-alembic`: what cannot be translated is what Alembic itself writes in its offline mode.

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportReport } from '../../src/library/import-history.ts';
import { alembicPython } from '../servers/alembic.ts';
import { cli, cliJson } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';

const env = `
from alembic import context

context.configure(url="postgresql://someone:secret@localhost/x", literal_binds=True, dialect_opts={"paramstyle": "named"})
with context.begin_transaction():
    context.run_migrations()
`;

const dropping = '    for name in names():\n        op.drop_column("person", name)';

/** A version file; `names()` tells only when it runs. */
const version = (id: string, parent: string | null, up: string, down = '    pass'): string => `"""${id}"""
from alembic import op
import sqlalchemy as sa
import random

revision = "${id}"
down_revision = ${parent === null ? 'None' : `"${parent}"`}


def upgrade():
${up}


def downgrade():
${down}


def names():
    return [chr(97 + at) for at in range(int("3") if random.random() < 2 else 0)]
`;

const files = {
  a1: version('a1', null, '    op.create_table("person", sa.Column("id", sa.Integer(), primary_key=True))'),
  a2: version(
    'a2',
    'a1',
    '    for name in names():\n        op.add_column("person", sa.Column(name, sa.String(5)))\n    op.execute("UPDATE person SET a = \'x;y\'")',
    dropping,
  ),
  a3: version(
    'a3',
    'a2',
    '    for row in op.get_bind().execute(sa.text("SELECT id FROM person")).fetchall():\n        op.execute(f"DELETE FROM person WHERE id = {row[0]}")',
  ),
};

/** A program of the name `alembic`, as a Python environment has one. */
async function programs(folder: string): Promise<string> {
  const { argv, env: own } = await alembicPython();
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const settings = ['PYTHONHOME', 'PYTHONPATH'].map((name) => `${name}=${quoted(own[name] ?? '')}`);
  const start = 'from alembic.config import main; main(prog="alembic")';
  mkdirSync(join(folder, 'bin'));
  const file = join(folder, 'bin/alembic');
  const command = `env ${settings.join(' ')} ${argv.map(quoted).join(' ')} -c ${quoted(start)} "$@"`;
  writeFileSync(file, `#!/bin/sh\nexec ${command}\n`);
  chmodSync(file, 0o755);
  return join(folder, 'bin');
}

test('what Alembic writes takes the place of what cannot be translated', async () => {
  using project = testProject();
  const { folder: cwd } = project;
  mkdirSync(join(cwd, 'db/versions'), { recursive: true });
  writeFileSync(join(cwd, 'alembic.ini'), '[alembic]\nscript_location = db\n');
  writeFileSync(join(cwd, 'db/env.py'), env);
  for (const [id, text] of Object.entries(files)) writeFileSync(join(cwd, `db/versions/${id}.py`), text);
  const given = ['import', 'alembic', '--dialect', 'postgres', '--out', 'made'];
  const without = await cliJson<ImportReport>([...given, '--dry-run'], { cwd });
  expect(without.totals).toMatchObject({ full: 1, none: 1, schema: 1 });

  const PATH = `${await programs(cwd)}:/usr/bin:/bin`;
  const report = await cliJson<ImportReport>([...given, '--with-alembic'], { cwd, env: { PATH } });
  expect(report.revisions.map(({ id, status }) => [id, status])).toEqual([
    ['a1', 'full'],
    ['a2', 'full'],
    ['a3', 'schema'],
  ]);
  const [left] = report.revisions[2]?.remainders ?? [];
  expect(left?.reason).toContain("Alembic's offline mode: AttributeError");
  const made = readdirSync(join(cwd, 'made')).toSorted();
  const text = readFileSync(join(cwd, 'made', made.find((name) => name.includes('a2')) ?? ''), 'utf8');
  expect(text).toContain("op.execute('ALTER TABLE person ADD COLUMN b VARCHAR(5)');");
  expect(text).toContain("UPDATE person SET a = 'x;y'");
  expect(text).toContain("op.execute('ALTER TABLE person DROP COLUMN c');");
  expect(text).not.toMatch(/alembic_version|BEGIN|COMMIT|secret/);
});

test('without such a program, or for several databases, it is refused', async () => {
  using project = testProject();
  const { folder: cwd } = project;
  mkdirSync(join(cwd, 'versions'));
  writeFileSync(join(cwd, 'versions/a2.py'), files.a2.replace('"a1"', 'None'));
  const given = ['import', 'alembic', '--with-alembic', '--out', 'made'];
  const env = { PATH: join(cwd, 'nowhere') };
  const refused = await cliJson([...given, '--dialect', 'postgres'], { cwd, env, code: 2 });
  expect(refused).toMatchObject({ error: { code: 'import/not-found' } });
  expect(await cli(given, { cwd })).toMatchObject({ code: 64 });
  expect(await cli(['import', 'dbmate', '--with-alembic'], { cwd })).toMatchObject({ code: 64 });
});
