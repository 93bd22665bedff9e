"""A job has a type

Revision ID: 001000000008
Revises: 001000000007
Create Date: 2023-01-09 10:08:17.000008

"""

from alembic import context
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000008'
down_revision = '001000000007'

def is_legacy():
    import os

    return os.environ.get("LEGACY") == "1"


def upgrade():
    if context.is_offline_mode():
        return

    if is_legacy():
        op.execute("UPDATE job SET state = 'old'")
        return
    kind = sa.Enum('batch', 'stream', name='job_kind')
    if op.get_bind().dialect.name == 'postgresql':
        kind.create(op.get_bind(), checkfirst=True)
    op.add_column('job', sa.Column('kind', kind, nullable=True))
    op.add_column('job', sa.Column('retries', sa.SmallInteger(), server_default=sa.text('0'), nullable=False))


def downgrade():
    with op.batch_alter_table('job') as batch_op:
        batch_op.drop_column('retries')
        batch_op.drop_column('kind')
    if op.get_bind().dialect.name == 'postgresql':
        sa.Enum(name='job_kind').drop(op.get_bind(), checkfirst=True)
