"""Names by the dialect

Revision ID: 001000000007
Revises: 001000000006
Create Date: 2023-01-08 10:07:17.000007

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000007'
down_revision = '001000000006'


def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == 'postgresql':
        op.execute("CREATE INDEX idx_dag_lower ON dag (lower(owners))")
    if bind.dialect.name != 'sqlite':
        op.alter_column('dag', 'owners', existing_type=sa.String(2000), type_=sa.String(1500), existing_nullable=True)
    else:
        with op.batch_alter_table('dag') as batch_op:
            batch_op.alter_column('owners', existing_type=sa.String(2000), type_=sa.String(1500))
    if op.get_context().dialect.name in ('mysql', 'mariadb'):
        op.execute('ALTER TABLE dag CONVERT TO CHARACTER SET utf8mb4')


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_index('idx_dag_lower', table_name='dag')
    with op.batch_alter_table('dag') as batch_op:
        batch_op.alter_column('owners', existing_type=sa.String(1500), type_=sa.String(2000))
