"""A server with users of two organisations, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.postgres import fresh, postgres_folder
from support.taxii import Instance, instance, served

__all__ = ["postgres_folder"]

A = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001"
B = "marking-definition--aaaaaaaa-0000-4000-8000-000000000002"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instance]:
    folder: Path = tmp_path_factory.mktemp("intel")
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/intel.db"
    else:
        url = fresh(request.getfixturevalue("postgres_folder"))
    one = instance(folder, url)
    one.user("xena", "Org X", "--write", "--tlp", "red")
    one.user("xaver", "Org X", "--tlp", "red", "--marking", A, "--marking", B)
    one.user("yves", "Org Y", "--write", "--tlp", "green", "--marking", A)
    one.user("yolanda", "Org Y", "--write", "--tlp", "red")
    with served(one, "--page", "1000"):
        yield one


@pytest.fixture
def open_collection(there: Instance, request: pytest.FixtureRequest) -> str:
    return there.collection(f"{request.node.name}")
