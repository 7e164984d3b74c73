"""Real rules in an archive are the rules that are in its files."""

from pathlib import Path

import pytest
from support.rule_archives import opened, rule_tgz, rule_zip, rules

from clearward.rules.source import Source
from clearward.rules.yara import compile_yara

from .conftest import unpacked

SETS = "yara"
SOME = 9  # one in so many of its files is compiled


@pytest.fixture(scope="module")
def files(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, bytes]]:
    """Every published file of YARA rules, and what lies beside them."""
    folder = unpacked(
        shared / "corpora/rules.tar.zst", tmp_path_factory.mktemp("rules")
    )
    paths = sorted(path for path in (folder / SETS).rglob("*") if path.is_file())
    return [(f"{path.relative_to(folder)}", path.read_bytes()) for path in paths]


@pytest.mark.shared
def test_published_rules_come_out_of_an_archive_as_they_went_in(
    files: list[tuple[str, bytes]],
) -> None:
    expected = sorted(one for one in files if one[0].endswith((".yar", ".yara")))
    assert len(expected) > 100
    for kind, data in (("yara-zip", rule_zip(files)), ("yara-tar", rule_tgz(files))):
        archive = opened(kind, data)
        assert rules(archive) == expected
        assert archive.others == len(files) - len(expected)


@pytest.mark.shared
def test_published_rules_compile_in_an_archive_as_beside_each_other(
    files: list[tuple[str, bytes]],
) -> None:
    some = [one for one in files if one[0].endswith((".yar", ".yara"))][::SOME]
    archive = opened("yara-zip", rule_zip(some))
    whole = Source(0, "a.yar.zip", "yara", "local", b"PK", archive)
    apart = [
        Source(number, name, "yara", "local", text)
        for number, (name, text) in enumerate(sorted(some))
    ]
    packed, problems = compile_yara([whole], 0)
    beside, expected = compile_yara(apart, 0)
    assert packed is not None
    assert beside is not None
    assert [one.name for one in packed.names] == [one.name for one in beside.names]
    assert [one.member for one in packed.names] == [
        apart[one.source].label for one in beside.names
    ]
    assert [one.message for one in problems] == [
        f"{apart[one.source].label}: {one.message}" for one in expected
    ]
