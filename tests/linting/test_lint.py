"""Lint and probe, in the jail."""

from pathlib import Path

import pytest
from support.spies import (
    CONDITIONS,
    MALWARE,
    MARKED,
    WORDS,
    conditioned,
    marked,
    worded,
)

from clearward.core.errors import Refused
from clearward.linting.findings import Linted
from clearward.linting.lint import lint
from clearward.linting.probe import probe
from clearward.linting.reading import Reading

SHOWN: list[tuple[str, int, int]] = []


def show(doing: str, done: int, whole: int) -> None:
    SHOWN.append((doing, done, whole))


@pytest.fixture(scope="module")
def spied(tmp_path_factory: pytest.TempPathFactory) -> Linted:
    """All spying rules at once, and rules against malware beside them."""
    folder = tmp_path_factory.mktemp("rules")
    named = {
        **{name: marked(text, _name(name)) for name, text in MARKED.items()},
        **{name: worded(text, _name(name)) for name, text in WORDS.items()},
        **{
            f"{name} alone": conditioned(text, _name(f"{name} alone"))
            for name, text in CONDITIONS.items()
        },
    }
    (folder / "spies.yar").write_text("".join(named.values()))
    (folder / "malware.yar").write_text(MALWARE)
    return lint((str(folder),), show)


def _name(text: str) -> str:
    return "spy_" + text.replace(" ", "_").replace("-", "_")


def found(linted: Linted, name: str) -> set[str]:
    return {one.why for one in linted.findings if one.rule == _name(name)}


@pytest.mark.parametrize("name", MARKED)
def test_a_marking_blocks_however_it_is_written(spied: Linted, name: str) -> None:
    assert found(spied, name) & {"marking", "probe"}


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_the_text_hides_the_behaviour_shows(spied: Linted, name: str) -> None:
    assert "probe" in found(spied, f"{name} alone")


@pytest.mark.parametrize("name", WORDS)
def test_words_are_for_review(spied: Linted, name: str) -> None:
    assert found(spied, name)


def test_rules_against_malware_are_good(spied: Linted) -> None:
    assert {one.file for one in spied.findings if "malware" in one.file} == set()


def test_everything_is_counted(spied: Linted) -> None:
    spies = len(MARKED) + len(WORDS) + len(CONDITIONS)
    assert (spied.rules, spied.flagged) == (spies + 7, spies)
    assert spied.unread == ()


def test_how_far_it_is_was_shown(spied: Linted) -> None:
    assert spied.rules
    assert {doing for doing, _, _ in SHOWN} >= {"scanning documents", "reading rules"}


def test_findings_name_the_digest_of_the_source(spied: Linted) -> None:
    assert {len(one.source) for one in spied.findings} == {64}
    assert len({one.source for one in spied.findings}) == 1


def test_what_does_not_compile_is_read_and_said_to_be_untried(tmp_path: Path) -> None:
    path = tmp_path / "a.yar"
    path.write_text(marked(MARKED["plain"]) + "rule b { condition: nothing.known }")
    linted = lint((str(path),), show)
    assert [one.why for one in linted.findings][:1] == ["document-words"]
    assert "marking" in {one.why for one in linted.findings}
    assert linted.unread
    assert linted.rules == 2


@pytest.mark.parametrize("name", ["a.cwr", "missing.yar", "a.doc"])
def test_what_is_no_source_is_refused(tmp_path: Path, name: str) -> None:
    if "missing" not in name:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(Refused), Reading((str(tmp_path / name),)):
        pass


def test_a_rule_that_was_not_tried_is_said_to_be_so(tmp_path: Path) -> None:
    text = (
        'import "time" rule a { condition: time.now() > 1 } rule b { condition: false }'
    )
    (tmp_path / "a.yar").write_text(text)
    linted = lint((str(tmp_path),), show)
    assert [one.why for one in linted.findings] == ["opaque-hash", "targeting"][1:]
    assert "asks for the time" in linted.unread[0][1]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused), Reading((str(tmp_path),)):
        pass


def test_signatures_of_clamav_are_tried_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.ndb"
    path.write_text("Spy:0:*:" + b"a review after two years".hex() + "\n")
    linted = probe((str(path),), show)
    assert [(one.rule, one.why) for one in linted.findings] == [("Spy", "probe")]
