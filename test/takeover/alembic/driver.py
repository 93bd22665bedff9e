"""Alembic itself, told line by line what to do.

In: lines of JSON, {"do": "upgrade", "to": "<id>"}. Out: a line of JSON for each. The folder it is started in is a project:
Flask-Migrate's where there is an app.py, else that of an alembic.ini or a pyproject.toml. DATABASE_URL names the database.
"""

import contextlib
import io
import json
import os
import sys
import traceback

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

sys.path.insert(0, os.getcwd())


def configured():
    if os.path.exists("app.py"):
        from app import app

        app.app_context().push()
        return app.extensions["migrate"].migrate.get_config("migrations")
    if os.path.exists("alembic.ini"):
        return Config("alembic.ini")
    return Config(toml_file="pyproject.toml")


def tuple_of(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def graph(config):
    script = ScriptDirectory.from_config(config)
    steps = script._upgrade_revs("heads", None)
    revisions = list(script.walk_revisions())
    return {
        "order": [step.revision.revision for step in steps],
        "heads": sorted(script.get_heads()),
        "revisions": {
            one.revision: {
                "revises": sorted(tuple_of(one.down_revision)),
                "labels": sorted(set(tuple_of(one.module.__dict__.get("branch_labels")))),
                "dependsOn": sorted(tuple_of(one._resolved_dependencies)),
                "message": one.doc,
            }
            for one in revisions
        },
    }


def answer(config, request):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        if request["do"] == "graph":
            return graph(config)
        if request["do"] == "upgrade":
            command.upgrade(config, request["to"])
        if request["do"] == "downgrade":
            command.downgrade(config, request["to"])
    return {}


def main():
    config = configured()
    for line in sys.stdin:
        try:
            said = answer(config, json.loads(line))
        except BaseException as problem:  # SystemExit of the command line included
            last = traceback.extract_tb(problem.__traceback__)
            where = [f"{one.filename}:{one.lineno}" for one in last if "versions" in one.filename]
            said = {"error": f"{type(problem).__name__}: {problem}", "where": where[-1:]}
        print(json.dumps(said), flush=True)


main()
