"""Parted rules and all rules in one scan agree on the open corpora."""

import json
from pathlib import Path

import pytest

from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara

from .conftest import unpacked

RULES = "yara/signature-base"
PER_SET = 8  # files of each set of the corpus
LARGEST = 1 << 18  # bytes


@pytest.fixture(scope="module")
def sources(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    folder = unpacked(
        shared / "corpora/rules.tar.zst", tmp_path_factory.mktemp("rules")
    )
    paths = sorted((folder / RULES).rglob("*.yar*"))
    return [
        Source(number, path.name, "yara", "local", path.read_bytes())
        for number, path in enumerate(paths)
    ]


@pytest.fixture(scope="module")
def sample(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Some files of each set, evenly chosen; and some that begin as another does."""
    folder = unpacked(
        shared / "corpora/files.tar.zst", tmp_path_factory.mktemp("files")
    )
    by_set: dict[str, list[str]] = {}
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["size"] <= LARGEST:
            by_set.setdefault(row["set"], []).append(row["path"])
    chosen = [
        (folder / path).read_bytes()
        for paths in by_set.values()
        for path in paths[:: max(1, len(paths) // PER_SET)]
    ]
    return [*chosen, *(b"MZ" + data[2:] for data in chosen[::9])]


@pytest.mark.shared
def test_parted_rules_say_of_every_file_what_all_rules_say(
    sources: list[Source], sample: list[bytes]
) -> None:
    parted, problems = compile_yara(sources, 0)
    whole, expected = compile_yara(sources, 0, few=1 << 30)
    assert parted is not None
    assert whole is not None
    assert problems == expected
    assert parted.names == whole.names
    assert [at for at in sample if not _agree(parted, whole, at)] == []
    assert any(whole.match(data) for data in sample)


def _agree(parted: YaraRules, whole: YaraRules, data: bytes) -> bool:
    return parted.look(data) == whole.look(data)
