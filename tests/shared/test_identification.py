"""What a part is said to be agrees with the open truth, at the level of families."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from clearward.core.kinds import family
from clearward.core.reader import Reader
from clearward.formats.identify import HEAD, identify
from clearward.formats.kinds.kind import kind_of

from .conftest import unpacked

LEAST = 0.97
SETS = ("file-tests", "magika-tests")

# What file(1) says, as a family; the first expression that fits.
SAID = (
    (r"script.*executable", "script"),
    (r"Ansible Vault", "encrypted"),
    (r"Hangul|Rich Text", "document"),
    (r"image data|Animated PNG", "image"),
    (r"audio|Adaptive Multi-Rate", "audio"),
    (r"filesystem|bcachefs|Raw Copy", "disk"),
    (r"archive|package|RPM|compressed data", "archive"),
    (r"OpenPGP .* Key", "key"),
    (r"vdex|xclbin", "program"),
    (r"\btext\b|XML|JSON", "text"),
    (r"EFI Signature|FIT Map|Keyboard|firmware", "data"),
)
# Labels of the other set by family.
LABELS = {
    "archive": "tar xar xz zip",
    "audio": "flac ogg wav",
    "data": "pcap",
    "database": "sqlite",
    "disk": "iso",
    "document": "docx ods odt pdf pptx rtf xls xlsx",
    "image": "png tga",
    "key": "pem",
    "mail": "eml mht",
    "program": "elf",
    "script": "php python typescript",
    "text": "asm css handlebars ignorefile json makefile markdown rust srt svg twig "
    "txt yaml yara zig",
    "video": "webm",
    "web": "html",
}
LABEL = {word: name for name, words in LABELS.items() for word in words.split()}


def due(expect: dict[str, str]) -> str:
    if label := expect.get("content_type"):
        return LABEL[label]
    said = expect["libmagic"]
    return next(name for pattern, name in SAID if re.search(pattern, said))


@pytest.fixture(scope="module")
def files(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(shared / "corpora/files.tar.zst", tmp_path_factory.mktemp("files"))


def test_families_agree_with_the_open_truth(files: Path) -> None:
    rows = map(json.loads, (files / "manifest.jsonl").read_text().splitlines())
    known = [row for row in rows if row["set"] in SETS and "expect" in row]
    wrong: Counter[tuple[str, str]] = Counter()
    for row in known:
        data = (files / row["path"]).read_bytes()
        reader = Reader.of(data)
        kind = kind_of(data[:HEAD], reader, identify(data[:HEAD], reader))
        if family(kind.name) != due(row["expect"]):
            wrong[due(row["expect"]), kind.name] += 1
    share = 1 - wrong.total() / len(known)
    print(f"{len(known)} files, {share:.1%} agree; due and said: {dict(wrong)}")  # noqa: T201 - with -s
    assert share >= LEAST, wrong
