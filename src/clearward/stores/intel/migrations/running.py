"""Bring a database up to date.

Alembic takes a quarter of a second to load, so it is asked only when there is
something to do.
"""

from sqlalchemy import Connection, inspect, text

from clearward.core.errors import Refused

NEWEST = "0001"
_TABLE = "alembic_version"


def upgrade(connection: Connection) -> None:
    """Run the steps that a database has not seen, inside the caller's transaction.

    Raises:
        Refused: it was made by a newer version.
    """
    if version_of(connection) == NEWEST:
        return
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "clearward.stores.intel:migrations")
    scripts = ScriptDirectory.from_config(config)
    environment = EnvironmentContext(
        config,
        scripts,
        fn=lambda revision, _: scripts._upgrade_revs(NEWEST, revision),  # noqa: SLF001 - what alembic.command does
        destination_rev=NEWEST,
    )
    environment.configure(connection=connection)
    try:
        environment.run_migrations()
    except CommandError as error:
        raise Refused(
            "the database was made by a newer version of clearward"
        ) from error


def version_of(connection: Connection) -> str | None:
    """Return the last step that a database has seen, None if it is empty."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)
