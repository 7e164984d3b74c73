"""The image of a release is what its sources say."""

from pathlib import Path

import pytest
from support.repositories import rule

from clearward.compiling import Compiled, compile_image
from clearward.core.errors import Refused
from clearward.publishing.manifest import compiler
from clearward.publishing.rebuilding import rebuild
from clearward.publishing.sources import archive, unpack


def compile_quietly(paths: tuple[str, ...], output: str) -> Compiled:
    return compile_image(paths, output, strict=False, show=lambda _: None)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with an archive and its image."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "one.yar").write_bytes(rule("One"))
    (folder / "two.ndb").write_text("Two.Test:0:*:6162636465666768\n")
    archived = str(tmp_path / "rules.src.tar")
    archive([str(folder), str(folder / "one.yar")], archived)
    unpacked = unpack(archived, str(tmp_path / "unpacked"))
    compile_quietly(unpacked.paths, str(tmp_path / "rules.cwr"))
    return tmp_path


def test_the_image_is_made_again_from_its_sources(made: Path) -> None:
    archived, image = str(made / "rules.src.tar"), str(made / "rules.cwr")
    rebuilt = rebuild(archived, image, compile_quietly)
    assert rebuilt.same
    assert rebuilt.compiler == rebuilt.here == compiler()
    (made / "sources/one.yar").write_bytes(rule("Another"))
    archive([str(made / "sources")], archived)
    assert not rebuild(archived, image, compile_quietly).same


def test_without_an_image_there_is_nothing_to_compare(made: Path) -> None:
    with pytest.raises(Refused, match="none"):
        rebuild(str(made / "rules.src.tar"), str(made / "none.cwr"), compile_quietly)
