"""Tests of tools/byte_frequencies.py: the table it measures is the one that is read."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from clearward.rules.image.frequencies import UNSEEN, parse

TOOL = Path(__file__).parents[2] / "tools/byte_frequencies.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(TOOL.stem, TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_four_bytes_are_as_rare_as_where_they_are_least_rare(
    tool: ModuleType, tmp_path: Path
) -> None:
    """In a program of 4,096 bytes one place in two, in a text one in 2,048."""
    (tmp_path / "program").write_bytes(b"MZ" + b"abcd\0\0\0\0" * 512)
    (tmp_path / "text").write_bytes(b"abcd" + bytes(range(0x21, 0x7F)) * 87)
    rarities, kinds = tool.measure([str(tmp_path)])
    found = parse("\n".join(["# a comment", *tool.lines(rarities)]))
    assert found.of == rarities
    assert found.of[b"abcd"] == 3
    assert found.of[bytes(4)] == 3
    assert found.rarity(b"wxyz") < UNSEEN
    assert found.rarity(b"dcba") == UNSEEN
    assert {name: kind.files for name, kind in kinds.items()} == {
        "PE": 1,
        "text": 1,
        "normalised text": 1,
    }


def test_what_is_in_every_file_is_not_rare_however_long_they_are(
    tool: ModuleType,
) -> None:
    kind = tool.Kind()
    for number in range(8):
        mark = b"mark" if number < 2 else b"none"
        kind.add([bytes([0x80 + number]) * (1 << 19), mark + b"once" * (number == 0)])
    found: dict[int, int] = {}
    for gram, rarity in kind.rarities():
        found[gram] = min(rarity, found.get(gram, rarity))
    as_bytes = {gram.to_bytes(4, "little"): it for gram, it in found.items()}
    assert as_bytes[b"none"] == tool.IN_ALL
    assert as_bytes[b"mark"] == tool.IN_ALL + 2
    assert b"once" not in as_bytes


def test_files_are_told_apart_by_their_first_bytes(tool: ModuleType) -> None:
    heads = [b"MZ\x90", b"\x7fELF\2", b"plain\ttext\r\n", b"\x89PNG\r\n\x1a\n", b""]
    expected = ["PE", "ELF", "text", "other", "text"]
    assert [tool.kind_of(head) for head in heads] == expected


def test_text_is_counted_as_signatures_see_it(tool: ModuleType) -> None:
    assert tool.normalised(b"If  A\t\r\nTHEN\x00 b\xff") == b"if a then b"


def test_which_files_are_taken_does_not_depend_on_the_order_of_folders(
    tool: ModuleType, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "one" / "file")
    folders = [str(tmp_path / "one"), str(tmp_path / "two")]
    assert tool.files(folders) == tool.files(folders[::-1])
    assert len(tool.files([str(tmp_path)])) == 2


def test_a_long_file_is_looked_at_in_blocks_all_over_it(
    tool: ModuleType, tmp_path: Path
) -> None:
    size = tool.BLOCK * 40
    path = tmp_path / "long"
    path.write_bytes(bytes(size // 2) + b"\1" * (size // 2))
    found = list(tool.blocks(str(path)))
    assert [len(block) for block in found] == [tool.BLOCK] * tool.OF_ONE_FILE
    assert [block[0] for block in found] == [0, 0, 0, 0, 1, 1, 1, 1]
