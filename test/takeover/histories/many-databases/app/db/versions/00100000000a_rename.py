"""Rename

Revision ID: 00100000000a
Revises: 001000000009
Create Date: 2023-01-11 10:10:17.000010

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '00100000000a'
down_revision = '001000000009'


def upgrade():
    op.rename_table('xcom_c', 'xcom_last')
    with op.batch_alter_table('slot_pool') as batch_op:
        batch_op.alter_column('pool', new_column_name='name', existing_type=sa.String(length=50))
        batch_op.add_column(sa.Column('description', sa.Text(), nullable=True, comment='for people'))
        batch_op.add_column(sa.Column('include_deferred', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table('slot_pool') as batch_op:
        batch_op.drop_column('include_deferred')
        batch_op.drop_column('description')
        batch_op.alter_column('name', new_column_name='pool', existing_type=sa.String(length=50))
    op.rename_table('xcom_last', 'xcom_c')
