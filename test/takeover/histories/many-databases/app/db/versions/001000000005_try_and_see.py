"""Try and see

Revision ID: 001000000005
Revises: 001000000004
Create Date: 2023-01-06 10:05:17.000005

"""

import logging
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000005'
down_revision = '001000000004'

log = logging.getLogger(__name__)


def upgrade():
    try:
        op.drop_index('idx_job_state', table_name='job')
    except sa.exc.OperationalError as exc:
        log.warning('no such index: %s', exc)
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.alter_column('conn_id', existing_type=sa.String(250), nullable=False)
        batch_op.create_unique_constraint('unique_conn_id', ['conn_id'])


def downgrade():
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.drop_constraint('unique_conn_id', type_='unique')
        batch_op.alter_column('conn_id', existing_type=sa.String(250), nullable=True)
    op.create_index('idx_job_state', 'job', ['state'])
