import os

from alembic import context
from sqlalchemy import MetaData, create_engine

target_metadata = MetaData()
engine = create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
