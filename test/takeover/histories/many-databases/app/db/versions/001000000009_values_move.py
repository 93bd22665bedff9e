"""Values move

Revision ID: 001000000009
Revises: 001000000008
Create Date: 2023-01-10 10:09:17.000009

"""

from sqlalchemy import Integer, String, and_, insert, text
from sqlalchemy.sql import column, table
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000009'
down_revision = '001000000008'

slot_pool = sa.Table(
    "slot_pool",
    sa.MetaData(),
    sa.Column("id", Integer, primary_key=True),
    sa.Column("pool", String(50)),
    sa.Column("slots", Integer),
)


def upgrade():
    job = table('job', column('id', Integer), column('state', String), column('kind', String), column('retries', Integer))
    op.execute(job.update().where(job.c.state == op.inline_literal('old')).values({'state': op.inline_literal('done')}))
    op.execute(job.update().values(retries=job.c.retries + 1).where(and_(job.c.retries < 3, job.c.state != 'done')))
    op.execute(job.delete().where(job.c.state.is_(None)))
    conn = op.get_bind()
    conn.execute(text("UPDATE dag SET description = :d WHERE description IS NULL").bindparams(d="none: 'yet'"))
    op.bulk_insert(
        table('slot_pool', column('pool', String), column('slots', Integer)),
        [{'pool': name, 'slots': slots} for name, slots in (('default', 128), ('small', 2))],
    )
    op.get_bind().execute(slot_pool.insert().values(pool='later', slots=0))
    op.get_bind().execute(insert(slot_pool), [{'pool': 'a', 'slots': 1}, {'pool': 'b', 'slots': 2}])


def downgrade():
    op.execute("DELETE FROM slot_pool")
