"""Many tables alike

Revision ID: 001000000006
Revises: 001000000005
Create Date: 2023-01-07 10:06:17.000006

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000006'
down_revision = '001000000005'

TABLES = ["xcom_a", "xcom_b", "xcom_c"]
MAX_KEY = 128
INDEXES = {
    "idx_xcom_value": ["created_at"],
    "idx_xcom_both": ["key", "created_at"],
}


def timestamps():
    return [
        sa.Column("created_at", sa.DateTime, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime),
    ]


def upgrade():
    for table in TABLES:
        op.create_table(
            table,
            sa.Column('id', sa.Integer, primary_key=True),
            sa.Column('key', sa.String(length=MAX_KEY), nullable=False),
            sa.Column('value', sa.Text),
            *timestamps(),
            sa.UniqueConstraint('key', name=f'uq_{table}_key'),
        )
    for name, columns in INDEXES.items():
        op.create_index(name, 'xcom_a', columns)
    for i in range(1, 4):
        op.add_column('job', sa.Column(f'extra_{i}', sa.String(10 * i), nullable=True))


def downgrade():
    for i in reversed(range(1, 4)):
        with op.batch_alter_table('job') as b:
            b.drop_column('extra_%d' % i)
    for name in sorted(INDEXES, reverse=False):
        op.drop_index(name, table_name='xcom_a')
    for table in reversed(TABLES):
        op.drop_table(table)
