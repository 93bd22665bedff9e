// Tools in other languages. In: histories. Out: Peer. Must not know what is measured.

import { join } from 'node:path';
import { alembicPython } from '../../test/servers/alembic.ts';
import type { Peer } from './peer.ts';
import { filesOf, stampOf, statements } from './peer.ts';

const dbmate: Peer = {
  name: 'dbmate (in Go)',
  files: (changes) =>
    filesOf(changes, ({ number, name, up, down }) => [
      `db/migrations/${stampOf(number)}_${name}.sql`,
      `-- migrate:up\n${statements(up)}\n-- migrate:down\n${statements(down)}`,
    ]),
  command: async (way, { project, url, tools }) => {
    if (way === 'down') return null;
    const program = join(tools, 'node_modules/@dbmate', `${process.platform}-${process.arch}`, 'bin/dbmate');
    return {
      argv: [program, '--no-dump-schema', 'migrate'],
      cwd: project,
      env: { DATABASE_URL: `${url}?sslmode=disable` },
    };
  },
};

const environment = `import os
from alembic import context
from sqlalchemy import create_engine, pool

url = os.environ['DATABASE_URL'].replace('postgres://', 'postgresql+psycopg2://')
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

const ofPython = (lines: readonly string[]): string =>
  lines.map((sql) => `    op.execute(${JSON.stringify(sql)})\n`).join('');

const alembic: Peer = {
  name: 'Alembic (in Python)',
  files: (changes) => ({
    'alembic.ini': '[alembic]\nscript_location = alembic\n',
    'alembic/env.py': environment,
    'alembic/script.py.mako': '',
    ...filesOf(changes, ({ number, name, up, down }) => [
      `alembic/versions/${name}.py`,
      `from alembic import op\n\nrevision = 'r${number}'\ndown_revision = ${number === 1 ? 'None' : `'r${number - 1}'`}\n\n\ndef upgrade():\n${ofPython(up)}\n\ndef downgrade():\n${ofPython(down)}`,
    ]),
  }),
  command: async (way, { project, url }) => {
    const python = await alembicPython();
    const args = way === 'up' ? ['upgrade', 'head'] : ['downgrade', 'base'];
    const env = Object.fromEntries(Object.entries(python.env).map(([name, value]) => [name, value ?? '']));
    return {
      argv: [...python.argv, '-m', 'alembic', ...args],
      cwd: project,
      env: { ...env, DATABASE_URL: url },
    };
  },
};

export const otherPeers: readonly Peer[] = [dbmate, alembic];
