"""ensure api_token and its unique index

Revision ID: d1f2e3c4b5a6
Revises: c682ef478e45
Create Date: 2024-06-11 17:00:00.104556

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd1f2e3c4b5a6'
down_revision = 'c682ef478e45'
branch_labels = None
depends_on = None


def upgrade():
    # Production was recorded past 3e5106ee570c, and had no api_token.
    inspector = sa.inspect(op.get_bind())
    columns = [column['name'] for column in inspector.get_columns('user')]
    indexes = [index['name'] for index in inspector.get_indexes('user')]

    if 'api_token' not in columns:
        op.add_column('user', sa.Column('api_token', sa.String(length=255), nullable=True))
    if 'ix_user_api_token' not in indexes:
        op.create_index('ix_user_api_token', 'user', ['api_token'], unique=True)


def downgrade():
    # The column is 3e5106ee570c's.
    op.drop_index('ix_user_api_token', table_name='user')
