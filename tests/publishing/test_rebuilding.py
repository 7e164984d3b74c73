"""The image of a release is what its sources say."""

from pathlib import Path

import pytest
from support.repositories import rule
from support.rule_archives import rule_tgz, rule_zip

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


def test_an_archive_of_rules_is_one_file_of_the_sources(tmp_path: Path) -> None:
    files = [("b.yar", rule("Two")), ("a.yar", rule("One")), ("c.yar", rule("One"))]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/forge.yar.zip").write_bytes(rule_zip(files))
    (tmp_path / "in/base.yar.tar.gz").write_bytes(rule_tgz(files))
    archived, image = str(tmp_path / "rules.src.tar"), str(tmp_path / "rules.cwr")
    made = archive([str(tmp_path / "in")], archived).manifest
    assert list(made.files) == ["1/base.yar.tar.gz", "1/forge.yar.zip"]
    unpacked = unpack(archived, str(tmp_path / "unpacked"))
    compiled = compile_quietly(unpacked.paths, image)
    assert compiled.rules.count == 6
    assert rebuild(archived, image, compile_quietly).same
