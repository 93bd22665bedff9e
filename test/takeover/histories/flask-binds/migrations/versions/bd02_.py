"""one for each

Revision ID: bd02
Revises: bd01
Create Date: 2022-05-02 12:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'bd02'
down_revision = 'bd01'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.add_column('user', sa.Column('mail', sa.String(128), nullable=True))


def downgrade_():
    op.drop_column('user', 'mail')


def upgrade_db1():
    pass


def downgrade_db1():
    pass
