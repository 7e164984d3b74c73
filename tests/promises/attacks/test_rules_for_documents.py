"""A rule that looks for documents: it is told nothing of where a file is or whose.

YARA knows external variables by which other scanners hand in the path, the owner or the
extension of a file. Here there are none: a rule that asks for one does not compile.
"""

from pathlib import Path

import pytest
from support.command import clearward

EMPTY = ("filepath", "filename", "extension", "filetype", "owner")
UNKNOWN = ("md5", "hostname", "host", "user", "username", "now", "memory")


def rule_of(folder: Path, condition: str, imported: str = "") -> str:
    made = folder / "rule.yar"
    front = f'import "{imported}" ' if imported else ""
    made.write_text(f"{front}rule a {{ condition: {condition} }}\n")
    return str(made)


def secret(folder: Path) -> str:
    made = folder / "secret.docx"
    made.write_bytes(b"x")
    return str(made)


@pytest.mark.parametrize("variable", EMPTY)
def test_what_rules_of_others_ask_for_is_there_and_empty(
    variable: str, tmp_path: Path
) -> None:
    for condition, status in (
        (f'{variable} == ""', 1),
        (f'{variable} contains "secret" or {variable} contains "docx"', 0),
        (f"{variable} matches /./", 0),
    ):
        rule = rule_of(tmp_path, condition)
        ran = clearward("scan", "--rules", rule, secret(tmp_path), "--no-cache")
        assert ran.status == status, condition


@pytest.mark.parametrize("variable", UNKNOWN)
def test_a_rule_that_asks_for_more_does_not_compile(
    variable: str, tmp_path: Path
) -> None:
    rule = rule_of(tmp_path, f'{variable} contains "secret"')
    ran = clearward("scan", "--rules", rule, secret(tmp_path))
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert variable.encode() in ran.err


@pytest.mark.parametrize(
    ("module", "condition"),
    [
        ("vt", 'vt.metadata.file_name contains "secret"'),
        ("cuckoo", "cuckoo.network.host(/./)"),
    ],
)
def test_a_module_that_tells_of_a_place_matches_nothing(
    module: str, condition: str, tmp_path: Path
) -> None:
    rule = rule_of(tmp_path, condition, module)
    assert clearward("scan", "--rules", rule, secret(tmp_path)).status != 1
