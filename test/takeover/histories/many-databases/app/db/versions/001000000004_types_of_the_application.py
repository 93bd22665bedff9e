"""Types of the application

Revision ID: 001000000004
Revises: 001000000003
Create Date: 2023-01-05 10:04:17.000004

"""

import app.types
from app.types import GUID
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '001000000004'
down_revision = '001000000003'


def upgrade():
    op.create_table(
        'connection',
        sa.Column('id', GUID(), nullable=False),
        sa.Column('conn_id', sa.String(250), nullable=True),
        sa.Column('updated_at', app.types.UtcDateTime(), nullable=False),
        sa.Column('extra', sa.Text(), nullable=True),
        sa.Column('is_encrypted', sa.Boolean, unique=False, default=False),
        sa.PrimaryKeyConstraint('id', name='connection_key'),
    )


def downgrade():
    op.drop_table('connection')
