"""Rules with findings that block are not made into a release."""

from pathlib import Path

import pytest
from support.repositories import Repositories, compile_once, rule
from support.signing import Signer

from clearward.core.errors import Refused
from clearward.publishing.judging import (
    Objection,
    Objectionable,
    Reviews,
    check,
    reviewer,
    reviewers,
)
from clearward.publishing.making import Maker
from clearward.publishing.repository import Repository
from clearward.updates.keys import Kind

BLOCKING = Objection("One", "a.yar", "marking", "TOP", blocks=True)
WARNING = Objection("Two", "a.yar", "targeting", "a path", blocks=False)


def test_what_blocks_is_told_and_the_rest_is_let_pass() -> None:
    check([])
    check([WARNING])
    with pytest.raises(Objectionable, match="One: marking: TOP; a review") as caught:
        check([WARNING, BLOCKING])
    assert caught.value.objections == [BLOCKING]
    with pytest.raises(Objectionable, match="TOP and 1 more"):
        check([BLOCKING, BLOCKING])


def test_what_is_judged_is_what_is_compiled(tmp_path: Path) -> None:
    source = tmp_path / "rules.yar"
    source.write_bytes(rule("One"))
    judged: list[bytes] = []

    def judge(paths: tuple[str, ...], _reviews: Reviews) -> list[Objection]:
        source.write_bytes(rule("Another"))
        judged.extend(Path(path).read_bytes() for path in paths)
        return [Objection("One", paths[0], "probe", "", blocks=True)]

    (tmp_path / "made").mkdir()
    maker = Maker(compile_once, judge)
    with pytest.raises(Objectionable) as caught:
        maker.make(str(tmp_path / "made"), (str(source),), Reviews())
    assert judged == [rule("One")]
    assert caught.value.objections[0].file == str(source)


def test_reviewers_are_named_by_the_repository(tmp_path: Path) -> None:
    made = Repositories(tmp_path)
    repository = Repository(str(made.folder))
    assert reviewers(repository) == []
    key = Signer("Alice").public
    repository.write("trust/reviewers", f"{key}\n\n".encode())
    assert reviewers(repository) == [key]
    repository.write("trust/reviewers", b"\xff")
    with pytest.raises(Refused, match="no key of a reviewer"):
        reviewers(repository)
    with pytest.raises(Refused, match="witness"):
        reviewer(str(Signer("w", Kind.COSIGNATURE_ED25519).public))
