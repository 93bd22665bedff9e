"""Initial schema

Revision ID: 001000000001
Revises: 
Create Date: 2023-01-02 10:01:17.000001

"""

from sqlalchemy.dialects import mysql, postgresql
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000001'
down_revision = None


def upgrade():
    conn = op.get_bind()
    is_mysql = conn.dialect.name == 'mysql'
    is_sqlite = conn.dialect.name == 'sqlite'

    op.create_table(
        'dag',
        sa.Column('dag_id', sa.String(250), nullable=False),
        sa.Column('is_paused', sa.Boolean(), nullable=True),
        sa.Column('last_run', sa.DateTime(), nullable=True),
        sa.Column('fileloc', sa.String(length=2000), nullable=True),
        sa.Column('owners', sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint('dag_id'),
    )
    op.create_table(
        'job',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dag_id', sa.String(length=250), nullable=True),
        sa.Column('state', sa.String(length=20), nullable=True),
        sa.Column('conf', sa.PickleType(), nullable=True),
        sa.Column('started', sa.TIMESTAMP(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('job_type_heart', 'job', ['dag_id', 'state'], unique=False)
    if is_mysql:
        op.create_table('mysql_only', sa.Column('id', mysql.INTEGER(), primary_key=True), mysql_engine='InnoDB', mysql_charset='utf8mb4')
    elif is_sqlite:
        op.create_table('lite_only', sa.Column('id', sa.Integer(), primary_key=True))
    else:
        op.create_table('other', sa.Column('id', sa.Integer(), primary_key=True))


def downgrade():
    dialect = op.get_bind().dialect.name
    op.drop_table({'mysql': 'mysql_only', 'sqlite': 'lite_only'}.get(dialect, 'other'))
    op.drop_index('job_type_heart', table_name='job')
    op.drop_table('job')
    op.drop_table('dag')
