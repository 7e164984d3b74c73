"""The steps that make a database make what the code expects of it."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from support.postgres import database_url, postgres_folder

from clearward.core.errors import Refused
from clearward.stores.intel.database import Database
from clearward.stores.intel.migrations.running import NEWEST, upgrade, version_of
from clearward.stores.intel.tables import metadata

__all__ = ["database_url", "postgres_folder"]


def test_the_steps_make_the_tables_that_the_code_knows(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert version_of(connection) == NEWEST
    database.close()


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        try:
            upgrade(connection)
        except Refused as error:
            assert "newer version" in str(error)
        else:
            raise AssertionError
    database.close()
