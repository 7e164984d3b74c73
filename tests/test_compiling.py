"""Behaviour of compiling; what a person sees is in `faces/cli/test_rules_compile`."""

import os
from pathlib import Path

import pytest
from support.repositories import rule
from support.rule_archives import rule_tgz, rule_zip

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


def compiled_archive(folder: Path, name: str, data: bytes) -> compiling.Compiled:
    folder.mkdir()
    (folder / name).write_bytes(data)
    paths = (str(folder / name),)
    return compile_image(paths, str(folder / "a.cwr"), strict=False, show=silent)


def test_an_archive_of_rules_gives_the_same_image_again(tmp_path: Path) -> None:
    files = [(f"{name}.yar", rule(name)) for name in ("Two", "One", "Three")]
    for place, archive in ((1, rule_zip), (2, rule_tgz)):
        name = "a.yar.zip" if archive is rule_zip else "a.yara.tgz"
        first = compiled_archive(tmp_path / f"{place}", name, archive(files))
        again = compiled_archive(tmp_path / f"{place}again", name, archive(files))
        assert first.rules.count == 3
        assert [one.name for one in first.rules.told] == ["One", "Three", "Two"]
        assert first.digest == again.digest


def test_an_archive_is_refused_for_one_file_that_does_not_compile(
    tmp_path: Path,
) -> None:
    data = rule_zip([("a.yar", rule("One")), ("b.yar", b"\n rule {")])
    with pytest.raises(Refused, match=r"a\.yar\.zip:2:7: b\.yar: syntax error"):
        compiled_archive(tmp_path / "a", "a.yar.zip", data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(
            rule_zip([("a.yar", rule("One"))])[:-1], "not a zip archive", id="cut"
        ),
        pytest.param(
            rule_zip([("LICENSE", b"")]), "an archive without a file", id="no rules"
        ),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused_in_one_line(
    data: bytes, why: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=rf"a\.yar\.zip: {why}") as caught:
        compiled_archive(tmp_path / "a", "a.yar.zip", data)
    assert "\n" not in str(caught.value)


def test_archives_without_a_rule_that_can_be_used_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.yar.zip").write_bytes(rule_zip([("a.yar", b"rule {")]))
    paths = (str(tmp_path / "in"),)
    with pytest.raises(Refused, match="no rule that can be used"):
        compile_image(paths, str(tmp_path / "a.cwr"), strict=False, show=silent)
