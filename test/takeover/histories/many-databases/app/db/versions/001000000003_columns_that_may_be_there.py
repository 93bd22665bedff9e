"""Columns that may be there

Revision ID: 001000000003
Revises: 001000000002
Create Date: 2023-01-04 10:03:17.000003

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000003'
down_revision = '001000000002'

def _has_column(table: str, column: str) -> bool:
    insp = sa.inspect(op.get_bind())
    return column in {c["name"] for c in insp.get_columns(table)}


def _add_column_if_missing(table, column):
    if not _has_column(table, column.name):
        op.add_column(table, column)


def table_exists(name):
    return name in sa.inspect(op.get_bind()).get_table_names()


def upgrade():
    if not _has_column('job', 'hostname'):
        op.add_column('job', sa.Column('hostname', sa.String(500)))
    _add_column_if_missing('job', sa.Column('unixname', sa.String(1000), nullable=True))
    if table_exists('nothing_of_the_kind'):
        return
    op.add_column('dag', sa.Column('default_view', sa.Unicode(25)))


def downgrade():
    for name in ('unixname', 'hostname'):
        if _has_column('job', name):
            with op.batch_alter_table('job') as batch_op:
                batch_op.drop_column(name)
    with op.batch_alter_table('dag') as batch_op:
        batch_op.drop_column('default_view')
