"""Points Dagster at a home: its instance file there, and the environment that Dagster reads.

Run history lies in SQLite files of the home, or in the Postgres that the setting `database` names; the address is handed
over in the environment, so that the instance file holds no secret.
"""

from __future__ import annotations

import os

import yaml

from pipelines.choose import ROOT
from pipelines.home import Home
from pipelines.settings import Settings, load_settings
from sources.errors import PublicValueError

DATABASE_VARIABLE = "PUBLICVALUE_DATABASE"
IN_FILES = ("run_storage", "event_log_storage", "schedule_storage")
NAME = "dagster.yaml"


def set_environment(home: Home) -> Settings:
    """DAGSTER_HOME has to be absolute and hold dagster.yaml. Raises UsageError where a setting cannot be understood."""
    settings = load_settings(home.root)
    text = instance_text(in_database=settings.database is not None)
    instance_file = home.dagster / NAME
    if not instance_file.exists() or instance_file.read_text(encoding="utf-8") != text:
        instance_file.write_text(text, encoding="utf-8")
    os.environ["PUBLICVALUE_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    if settings.database is not None:
        # SQLAlchemy takes another driver by itself than the one that Dagster brings.
        address = settings.database.get_secret_value()
        os.environ[DATABASE_VARIABLE] = address.replace("postgresql://", "postgresql+psycopg2://", 1)
    return settings


def make_stores(home: Home) -> None:
    """Makes what Dagster keeps its history in, where it is not there yet; set_environment comes first. Two processes that
    start at once would both make it, and what two have made cannot be opened ever after.

    Raises PublicValueError with the remedy where what is there cannot be opened.
    """
    import dagster as dg  # noqa: PLC0415 - seconds that only `up` pays
    from alembic.util.exc import CommandError  # noqa: PLC0415

    try:
        with dg.DagsterInstance.get():
            pass
    except CommandError as error:
        raise PublicValueError(
            f"{home.dagster}: Dagster's history cannot be opened ({error}); delete the folder's *.db files, or the "
            "database's tables: only the record of past runs is lost"
        ) from error


def instance_text(*, in_database: bool) -> str:
    """The project's dagster.yaml, with its three stores in files exchanged for one database where there is one."""
    text = (ROOT / NAME).read_text(encoding="utf-8")
    if not in_database:
        return text
    spec = {key: value for key, value in yaml.safe_load(text).items() if key not in IN_FILES}
    spec["storage"] = {"postgres": {"postgres_url": {"env": DATABASE_VARIABLE}}}
    return yaml.safe_dump(spec, sort_keys=False)
