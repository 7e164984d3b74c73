"""What published reports name is found in them."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearward.formats.extraction.scanner import extract

from .conftest import unpacked

DIGEST = re.compile(r"[0-9a-f]{32,64}")


@pytest.fixture(scope="module")
def reports(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    return unpacked(shared / "intel/reports.tar.zst", folder) / "eset"


def named(folder: Path, text: str) -> Iterator[str]:
    """Digests of the lists beside a report that stand in it."""
    said = set(DIGEST.findall(text.lower()))
    for path in folder.glob("*.*"):
        if path.suffix in {".md5", ".sha1", ".sha256"}:
            listed = DIGEST.findall(path.read_text(errors="replace").lower())
            yield from said.intersection(listed)


def test_every_digest_that_a_report_names_is_found(reports: Path) -> None:
    count = size = 0
    seconds = 0.0
    for path in sorted(reports.rglob("*.adoc")):
        text = path.read_text(errors="replace")
        started = time.process_time()
        found = {one.value for one in extract(text)}
        seconds += time.process_time() - started
        size += len(text)
        for digest in named(path.parent, text):
            assert digest in found, path
            count += 1
    assert count > 4_000
    assert size / seconds > 500_000  # characters; 2,700,000 on a quiet machine


def test_every_style_of_defanging_is_undone(shared: Path) -> None:
    told = json.loads((shared / "intel/defang.json").read_text())
    for style in told["styles"]:
        text = told["sentence"].replace("{}", style["text"])
        wanted = [] if style["expected"] is None else [style["expected"]]
        assert [one.value for one in extract(text)] == wanted
