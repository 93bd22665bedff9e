// One file with much of what version files hold, imported for all databases at once, and run on one of each family.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importFromAlembic } from '../../src/library/import-history.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

const version = `"""kitchen sink

Revision ID: k1
Revises: 
Create Date: 2020-01-01 00:00:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, mysql
from sqlalchemy import orm, text
from sqlalchemy.sql import table, column, func
import datetime
import logging

revision = 'k1'
down_revision = None
branch_labels = ('main',)
depends_on = None

logger = logging.getLogger(__name__)
TABLES = ['a_one', 'a_two']
role_enum = sa.Enum('admin', 'user', name='role')


def add_stamps(name):
    op.add_column(name, sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))


def has_column(t, c):
    insp = sa.inspect(op.get_bind())
    return c in [x['name'] for x in insp.get_columns(t)]


def upgrade():
    logger.info('hello')
    bind = op.get_bind()
    op.create_table('person',
        sa.Column('id', sa.BigInteger(), primary_key=True),
        sa.Column('role', role_enum, nullable=False, server_default='user'),
        sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
        sa.Column('uid', sa.Uuid(), nullable=True),
        sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
        sa.Column('n', sa.Integer(), server_default='0', comment="how many"),
        sa.Column('price', sa.Numeric(10, 2), sa.CheckConstraint('price > 0', name='positive')),
        sa.Column('boss_id', sa.BigInteger(), sa.ForeignKey('person.id', ondelete='SET NULL')),
        sa.Column('email', sa.String(255), unique=True, index=True),
        sa.Column('total', sa.Integer(), sa.Computed('n * 2', persisted=True)),
        sa.UniqueConstraint('uid', name=op.f('uq_person_uid')),
        sa.Index('ix_lower', sa.text('lower(email)')),
        mysql_engine='InnoDB', mysql_charset='utf8mb4', comment='people')
    for t in TABLES:
        op.create_table(t, sa.Column('id', sa.BigInteger(), nullable=False), sa.PrimaryKeyConstraint('id', name=f'pk_{t}'))
        add_stamps(t)
    op.create_index('ix_part', 'person', ['email', sa.text('n DESC')], unique=True, postgresql_where=sa.text('active'), postgresql_using='btree')
    op.create_foreign_key(None, 'a_one', 'person', ['id'], ['id'], ondelete='CASCADE')
    if not has_column('person', 'extra'):
        op.add_column('person', sa.Column('extra', sa.Text()))
    if bind.dialect.name == 'postgresql':
        op.execute("UPDATE person SET n = 1 WHERE email LIKE '%x%'")
    else:
        op.execute('UPDATE person SET n = 2')
    try:
        op.drop_index('ix_lower', 'person')
    except Exception:
        pass
    t = sa.table('person', sa.column('id'), sa.column('n'), sa.column('email'))
    op.execute(t.update().where(t.c.email.is_(None)).where(t.c.n == op.inline_literal(3)).values(email='none', n=t.c.n + 1))
    op.bulk_insert(t, [{'id': 1, 'n': 1, 'email': 'a'}, {'id': 2, 'n': 2, 'email': 'b'}])
    bind.execute(text("UPDATE person SET email = :e WHERE id = :i"), {"e": "it's", "i": 4})
    with op.batch_alter_table('person') as batch_op:
        batch_op.alter_column('email', new_column_name='mail', existing_type=sa.String(255), nullable=False)
        batch_op.drop_constraint('uq_person_uid', type_='unique')
        batch_op.drop_column('extra')
    if bind.dialect.name == 'postgresql':
      with op.get_context().autocommit_block():
        op.execute("ALTER TYPE role ADD VALUE IF NOT EXISTS 'guest'")
    op.rename_table('a_two', 'a_three')


def downgrade():
    raise NotImplementedError('no way back')
`;

test.each(representatives(selectedEngines()))(
  '%s: what an import writes runs, and ends where it should',
  async (engine) => {
    using project = testProject();
    const { folder } = project;
    mkdirSync(join(folder, 'versions'));
    writeFileSync(join(folder, 'versions/k1.py'), version);
    const imported = await importFromAlembic({ path: '.', projectFolder: folder, out: 'made' });
    expect(imported.report.totals).toEqual({ revisions: 1, full: 1, schema: 0, none: 0 });
    const database = await freshDatabase(engine);
    try {
      const surefoot = project.surefoot({ url: database.url, migrations: join(folder, 'made') });
      expect(await surefoot.upgrade()).toMatchObject({ failed: null });
      const { findings } = await surefoot.check();
      expect(findings.map(({ code }) => code)).toEqual(['history/irreversible']);
    } finally {
      await database.drop();
    }
  },
);
