"""Metadata of its own

Revision ID: 00100000000d
Revises: 00100000000c
Create Date: 2023-01-14 10:13:17.000013

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '00100000000d'
down_revision = '00100000000c'


def upgrade():
    metadata = sa.MetaData()
    errors = sa.Table(
        'import_error',
        metadata,
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('filename', sa.String(1024)),
    )
    errors.create(op.get_bind(), checkfirst=True)


def downgrade():
    op.drop_table('import_error')
