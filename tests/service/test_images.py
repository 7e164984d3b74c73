"""Large rule sources are compiled once, and anew when they have changed."""

import asyncio
import os
from pathlib import Path

import pytest
from support.serving import Lines

from clearward.compiling import compile_image
from clearward.core.errors import Refused
from clearward.service import images
from clearward.service.images import with_image
from clearward.service.loading import loader
from clearward.service.logs import logger
from clearward.wiring import RuleChoice, ScanChoice


@pytest.fixture(name="source")
def fixture_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(images, "LARGE", 100)
    path = tmp_path / "rules" / "main.ndb"
    path.parent.mkdir()
    write(path, "Marker")
    return path


def write(path: Path, name: str) -> None:
    path.write_text(
        "".join(f"{name}.{one}:0:*:{one:02x}aabbccddeeff00\n" for one in range(9))
    )


def prepared(source: Path, log: Lines | None = None) -> RuleChoice:
    rules = RuleChoice((str(source.parent),), defaults=False)
    folder = str(source.parent.parent / "images")
    told = logger(log or Lines(), {})  # type: ignore[arg-type] # all that is used
    return asyncio.run(with_image(rules, folder, told))


def test_a_large_source_becomes_an_image(source: Path) -> None:
    rules = prepared(source)
    (path,) = rules.paths
    assert path.endswith(".cwr")
    assert Path(path).stat().st_size
    assert not rules.defaults


def test_the_same_source_is_not_compiled_again(source: Path) -> None:
    log = Lines()
    first = prepared(source, log)
    assert log.text.count("compiling rules") == 1
    assert prepared(source, log) == first
    assert log.text.count("compiling rules") == 1


def test_a_source_that_has_changed_is_another_image(source: Path) -> None:
    first = prepared(source)
    times = source.stat()
    write(source, "Other_")
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert prepared(source) != first


def test_images_do_not_pile_up(source: Path) -> None:
    for name in ("A_____", "B_____", "C_____"):
        write(source, name)
        prepared(source)
    write(source, "D_____")
    last = prepared(source)
    kept = list((source.parent.parent / "images").glob("*.cwr"))
    assert len(kept) == 2
    assert Path(last.paths[0]) in kept


def test_a_small_source_is_left_as_it_is(source: Path) -> None:
    source.write_text("Marker:0:*:aabbccddeeff\n")
    assert prepared(source).paths == (str(source.parent),)


def test_what_does_not_compile_is_refused(source: Path) -> None:
    bad = source.with_name("bad.yar")
    bad.write_text("rule x {")
    rules = RuleChoice((str(source), str(bad)), defaults=False)
    told = logger(Lines(), {})  # type: ignore[arg-type] # all that is used
    with pytest.raises(Refused, match=r"bad\.yar"):
        asyncio.run(with_image(rules, str(source.parent / "images"), told))


def test_sources_that_change_meanwhile_are_compiled_as_they_end_up(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = compile_image
    changed = False

    def meanwhile(*given: object, **more: object) -> object:
        nonlocal changed
        if not changed:
            write(source, "Other_")
            changed = True
        return real(*given, **more)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr(images, "compile_image", meanwhile)
    during = prepared(source)
    monkeypatch.undo()
    monkeypatch.setattr(images, "LARGE", 100)
    assert prepared(source) == during


def test_a_kept_image_that_is_damaged_is_made_anew(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", str(source.parent.parent))
    (kept,) = prepared(source).paths
    image = bytearray(Path(kept).read_bytes())
    image[len(image) // 2] ^= 0xFF
    Path(kept).write_bytes(image)
    log = Lines()

    async def scene() -> None:
        rules = RuleChoice((str(source.parent),), defaults=False)
        choice = ScanChoice(serving=True, require="D")
        told = logger(log, {})  # type: ignore[arg-type] # all that is used
        scanner = await loader(rules, choice, told)()
        scanner.__exit__(None, None, None)

    asyncio.run(scene())
    assert "image thrown away" in log.text
    assert Path(kept).read_bytes() != image
