"""A digest of one secret document in a list: a match is seen here and goes nowhere."""

import hashlib
import shutil
from pathlib import Path

import pytest
from support.command import clearward

SECRET = b"one document that nobody else has\n"


def lists(folder: Path) -> tuple[str, str]:
    """A list that names a document, and the document."""
    made = folder / "list.sha256"
    made.write_text(f"{hashlib.sha256(SECRET).hexdigest()} Harmless.Name\n")
    document = folder / "document"
    document.write_bytes(SECRET)
    return str(made), str(document)


def test_a_match_names_its_rule_and_whose_that_is(tmp_path: Path) -> None:
    rules, document = lists(tmp_path)
    (row,) = clearward("scan", "--json", "--rules", rules, document).rows
    assert row["rules"] == [{"name": "Harmless.Name", "origin": "local"}]


def test_a_match_sends_nothing(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("needs the command strace")
    rules, document = lists(tmp_path)
    log = tmp_path / "trace"
    words = ("strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(log))
    ran = clearward("scan", "--rules", rules, document, before=words)
    if b"ptrace" in ran.err:
        pytest.skip("a tracer is not allowed here")
    assert ran.status == 1, ran.err
    assert "AF_INET" not in log.read_text(errors="replace")


def test_the_ledger_of_a_machine_that_found_something_is_empty(tmp_path: Path) -> None:
    rules, document = lists(tmp_path)
    home = {"CLEARWARD_HOME": str(tmp_path / "home")}
    clearward("scan", "--rules", rules, document, environment=home)
    ran = clearward("ledger", "list", "--json", environment=home)
    assert ran.summary["connections"] == 0
