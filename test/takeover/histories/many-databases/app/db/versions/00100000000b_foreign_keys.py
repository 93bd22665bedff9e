"""Foreign keys

Revision ID: 00100000000b
Revises: 00100000000a
Create Date: 2023-01-12 10:11:17.000011

"""

from app.types import GUID
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '00100000000b'
down_revision = '00100000000a'


def upgrade():
    with op.batch_alter_table('job') as batch_op:
        batch_op.add_column(sa.Column('connection_id', GUID(), nullable=True))
        batch_op.create_foreign_key('fk_job_connection', 'connection', ['connection_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key('fk_job_dag', 'dag', ['dag_id'], ['dag_id'])


def downgrade():
    with op.batch_alter_table('job') as batch_op:
        batch_op.drop_constraint('fk_job_dag', type_='foreignkey')
        batch_op.drop_constraint('fk_job_connection', type_='foreignkey')
        batch_op.drop_column('connection_id')
