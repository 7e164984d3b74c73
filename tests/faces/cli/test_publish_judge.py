"""`clearward publish add` does not publish rules that look for documents."""

from pathlib import Path

import pytest
from support.command import Ran, clearward

GOOD = 'rule good { strings: $a = "a mark that nobody has" condition: $a }\n'
# Put together here, or this file would be found.
MARK = "TOP " + "SECRET" + "//NOFORN"
BAD = f'rule bad {{ strings: $a = "{MARK}" condition: $a }}\n'


class Publisher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "rules.yar"
        where = ("--repo", str(folder / "repo"), "--keys", str(folder / "keys"))
        self.where = where
        clearward("publish", "init", *where, "--origin", "example.com/rules")

    def add(self, text: str, *words: str | Path) -> Ran:
        self.source.write_text(text)
        return clearward("publish", "add", *self.where, self.source, *words, "--json")

    def log(self) -> bytes:
        return (self.folder / "repo/log/checkpoint").read_bytes()

    def reviewer(self, name: str) -> tuple[Path, str]:
        """A key of a reviewer, private and public."""
        key = self.folder / f"{name}.pem"
        ran = clearward(
            *("rules", "review", "keygen", "--name", name, "-o", key, "--json")
        )
        return key, str(ran.summary["vkey"])

    def review(self, key: Path, name: str) -> Path:
        output = self.folder / "review"
        ran = clearward(
            *("rules", "review", "sign", self.source, "--key", key),
            *("--name", name, "-o", output),
        )
        assert ran.status == 0, ran.err
        return output


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_rules_that_look_for_documents_need_a_review(publisher: Publisher) -> None:
    before = publisher.log()
    ran = publisher.add(BAD)
    assert (ran.status, ran.summary["refused"]) == (1, "review")
    assert ran.err.count(b"\n") == 1
    assert {row["rule"] for row in ran.rows if row["blocks"]} == {"bad"}
    assert {row["file"] for row in ran.rows} == {str(publisher.source)}
    assert publisher.log() == before
    key, public = publisher.reviewer("Alice")
    record = publisher.review(key, "Alice")
    ran = publisher.add(BAD, "--review", record)
    assert ran.status == 2
    assert b"--reviewer" in ran.err
    _, other = publisher.reviewer("Bob")
    ran = publisher.add(BAD, "--review", record, "--reviewer", other)
    assert ran.status == 2
    ran = publisher.add(BAD + "\n", "--review", record, "--reviewer", public)
    assert ran.status == 1  # it covers what was looked at, and nothing else
    ran = publisher.add(BAD, "--review", record, "--reviewer", public)
    assert (ran.status, ran.summary["seq"]) == (0, 1)
    (archive,) = (publisher.folder / "repo/targets").glob("*.rules.src.tar")
    assert record.read_bytes() in archive.read_bytes()


def test_rules_against_malware_are_published(publisher: Publisher) -> None:
    ran = publisher.add(GOOD)
    assert ran.status == 0
    assert not any(row["blocks"] for row in ran.rows)
