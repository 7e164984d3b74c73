"""Behaviour of compiling; what a person sees is in `faces/cli/test_rules_compile`."""

import os
from pathlib import Path

import pytest

from clearward import compiling
from clearward.compiling import compile_image
from clearward.core.errors import Refused
from clearward.jail.control import Progress


def silent(_progress: Progress) -> None:
    pass


def compiled(folder: Path, text: str, name: str = "a.ndb") -> compiling.Compiled:
    (folder / name).write_text(text)
    paths = (str(folder / name),)
    return compile_image(paths, str(folder / "a.cwr"), strict=False, show=silent)


def test_what_was_compiled_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "a.ndb").write_text("One:0:*:6f6e65206f6e65\nbad\n")
    made = compile_image(
        (str(tmp_path),),
        str(tmp_path / "a.cwr"),
        strict=False,
        show=lambda progress: told.append(progress.doing),
    )
    assert (made.rules.count, made.rules.unusable) == (1, 1)
    assert made.size == os.path.getsize(tmp_path / "a.cwr")
    ((place, problem),) = made.problems()
    assert (place, problem.line) == (str(tmp_path / "a.ndb"), 2)
    assert told[-1] == "checking the image"


def test_an_image_that_does_not_load_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled(tmp_path, "One:0:*:6f6e65206f6e65\n")
    before = (tmp_path / "a.cwr").read_bytes()

    def refuse(_descriptor: int, label: str) -> None:
        raise Refused(f"{label}: not what its digest says")

    monkeypatch.setattr(compiling, "check_digest", refuse)
    with pytest.raises(Refused, match="digest"):
        compiled(tmp_path, "Two:0:*:74776f2074776f\n")
    assert (tmp_path / "a.cwr").read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["a.cwr", "a.ndb"]


def test_yara_rules_that_all_fail_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"a\.yar:1"):
        compiled(tmp_path, "rule {", "a.yar")
