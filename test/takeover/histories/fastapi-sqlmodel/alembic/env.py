import os

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from shop import models  # noqa: F401

target_metadata = SQLModel.metadata

engine = create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
