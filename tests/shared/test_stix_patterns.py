"""Every pattern of the shared bundles is read, and stands for what it says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from backports import zstd

from clearward.intel.pattern.normal import normalised
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.writing import pattern_text

from .conftest import unpacked

pytestmark = pytest.mark.shared
SAMPLE = 10  # every tenth is given to the validator, which is slow


@pytest.fixture(scope="module")
def patterns(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All patterns of the Unit 42 bundles and of ATT&CK, each once, in order."""
    folder = unpacked(
        shared / "intel/reports.tar.zst", tmp_path_factory.mktemp("reports")
    )
    texts = [path.read_bytes() for path in sorted(folder.rglob("*.json"))]
    for path in sorted((shared / "intel").glob("*-attack.stix20.json.zst")):
        with zstd.open(path) as file:
            texts.append(file.read())
    found: set[str] = set()
    for text in texts:
        try:
            found.update(_patterns(json.loads(text)))
        except ValueError:
            continue  # a bundle that is no JSON
    return sorted(found)


def _patterns(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("type") == "indicator" and isinstance(one.get("pattern"), str):
                yield one["pattern"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def test_patterns_of_the_bundles_are_read_as_the_validator_reads_them(
    patterns: list[str],
) -> None:
    from stix2patterns.validator import validate  # noqa: PLC0415 - slow to import

    assert len(patterns) > 1_000
    for text in patterns[::SAMPLE]:
        _, errors = validate(text, stix_version="2.1", ret_errs=True)
        assert not [one for one in errors if "is not a valid" not in one]
    for text in patterns:
        read = parse(text)
        assert parse(pattern_text(read)) == read
        once = normalised(read)
        assert normalised(once) == once
