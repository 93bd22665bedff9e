from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db

for name in ("", "db1"):
    engine = db.engines[name or None]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            upgrade_token=f"{name}_upgrades",
            downgrade_token=f"{name}_downgrades",
            target_metadata=db.metadatas[name or None],
        )
        with context.begin_transaction():
            context.run_migrations(engine_name=name)
