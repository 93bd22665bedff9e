"""A key of two columns

Revision ID: 00100000000c
Revises: 00100000000b
Create Date: 2023-01-13 10:12:17.000012

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '00100000000c'
down_revision = '00100000000b'


def upgrade():
    op.create_table(
        'tag',
        sa.Column('name', sa.String(length=100), primary_key=True),
        sa.Column('dag_id', sa.String(length=250), sa.ForeignKey('dag.dag_id', ondelete='CASCADE'), primary_key=True),
        sa.Column('weight', sa.Float(), server_default='1.5', nullable=False),
        sa.Column('data', sa.JSON(), nullable=True),
        sa.Column('blob', sa.LargeBinary(), nullable=True),
        sa.Column('big', sa.BigInteger(), nullable=True),
        sa.Column('day', sa.Date(), nullable=True),
        sa.Column('amount', sa.Numeric(8, 3), nullable=True, server_default='0'),
        sa.Column('code', sa.CHAR(3), nullable=True),
        sa.Column('state', sa.Enum('on', 'off', name='tag_state', native_enum=False, create_constraint=True, length=8), nullable=True),
    )
    op.create_index('idx_tag_dag', 'tag', ['dag_id'], unique=False)
    op.create_index('idx_tag_state', 'tag', ['state'], unique=False, postgresql_where=sa.text("state = 'on'"), sqlite_where=sa.text("state = 'on'"))


def downgrade():
    op.drop_table('tag')
