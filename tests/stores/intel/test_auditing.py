"""The audit shows who changed what, and whether somebody changed the audit."""

import sqlite3
from pathlib import Path

import pytest
from support.command import clearward
from support.taxii import Instance, indicator, instance, served


@pytest.fixture
def there(tmp_path: Path) -> Instance:
    one = instance(tmp_path, f"sqlite:///{tmp_path}/intel.db")
    one.user("xena", "Org X", "--write")
    one.run("group", "add", "friends", "Org X", "Org Y")
    one.collection("first")
    return one


def test_every_change_has_its_line(there: Instance) -> None:
    first = there.collection("second")
    with served(there):
        one = indicator()
        there.post("xena", first, one)
        there.ask("xena", f"{first}objects/{one['id']}/", method="DELETE")
    ran = clearward("intel", "audit", "--json", environment=there.environment)
    assert ran.status == 0
    told = [(row["action"], row["subject"]) for row in ran.rows]
    assert told == [
        ("user add", "xena"),
        ("group add", "friends"),
        ("collection add", "first"),
        ("collection add", "second"),
        ("post", "second"),
        ("delete", one["id"]),
    ]
    assert ran.rows[-1]["actor"] == "xena"
    assert b"password" not in ran.out


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("UPDATE audit SET actor = 'eve' WHERE number = 2", id="changed"),
        pytest.param("DELETE FROM audit WHERE number = 2", id="taken out"),
        pytest.param("UPDATE audit SET number = 9 WHERE number = 3", id="moved"),
    ],
)
def test_a_line_that_was_changed_shows(
    there: Instance, tmp_path: Path, said: str
) -> None:
    with sqlite3.connect(tmp_path / "intel.db") as connection:
        connection.execute(said)
    ran = clearward("intel", "audit", environment=there.environment)
    assert ran.status == 1
    assert b"was changed" in ran.err
