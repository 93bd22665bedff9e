"""Guards of the inspector

Revision ID: 001000000002
Revises: 001000000001
Create Date: 2023-01-03 10:02:17.000002

"""

from sqlalchemy.engine.reflection import Inspector
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000002'
down_revision = '001000000001'


def upgrade():
    conn = op.get_bind()
    inspector = sa.inspect(conn)
    tables = inspector.get_table_names()
    if 'slot_pool' not in tables:
        op.create_table(
            'slot_pool',
            sa.Column('id', sa.Integer(), nullable=False),
            sa.Column('pool', sa.String(length=50), nullable=True),
            sa.Column('slots', sa.Integer(), nullable=True),
            sa.PrimaryKeyConstraint('id'),
            sa.UniqueConstraint('pool'),
        )
    columns = [c['name'] for c in inspector.get_columns('dag')]
    if 'description' not in columns:
        op.add_column('dag', sa.Column('description', sa.Text(), nullable=True))
    if not any(ix['name'] == 'idx_job_state' for ix in inspector.get_indexes('job')):
        op.create_index('idx_job_state', 'job', ['state'])
    if inspector.has_table('legacy_pool'):
        op.drop_table('legacy_pool')


def downgrade():
    inspector = sa.inspect(op.get_bind())
    indexes = {index['name'] for index in inspector.get_indexes('job')}
    if 'idx_job_state' in indexes:
        op.drop_index('idx_job_state', table_name='job')
    with op.batch_alter_table('dag') as batch_op:
        batch_op.drop_column('description')
    op.drop_table('slot_pool')
