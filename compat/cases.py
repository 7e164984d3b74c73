"""Cases: signatures, files, and what clamscan says of them.

The recorded ones come from `clamav-cases.tar.zst` of the shared material (its README
says how they were made), the generated ones from `generate`. A name is compared as the
database has it: without `.UNOFFICIAL`, which clamscan adds to what is not signed, and
without the `YARA.` that it puts before the names of YARA rules.
"""

import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import links
from backports import zstd

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("CLEARWARD_SHARED", HERE.parent.parent / "shared"))
ARCHIVE = SHARED / "corpora/clamav-cases.tar.zst"
ADDED = ".UNOFFICIAL"
YARA = "YARA."
SIGTOOL = "sigtool_1_4_6_sha256"


@dataclass(frozen=True, slots=True)
class Content:
    """A file with a name: a database, or something to scan."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        id: its first word, up to the dash, is its group.
        semantics: the kind of signature, in words.
        databases: signature files.
        inputs: files to scan, names unique.
        flags: options that clamscan was given.
        expected: for each input the names that clamscan printed; None if the case is
            not about a verdict.
        views: SHA-256 of each normalised view that a page has, by its name; then these
            names are what is expected.
        behind: clamscan 1.4.6 falls behind what ClamAV's own tests expect, so that
            finding more than it is right.
    """

    id: str
    semantics: str
    databases: tuple[Content, ...] = ()
    inputs: tuple[Content, ...] = ()
    flags: tuple[str, ...] = ()
    expected: dict[str, frozenset[str]] | None = None
    behind: bool = False
    views: frozenset[tuple[str, str]] = frozenset()

    @property
    def group(self) -> str:
        """What is counted together."""
        return self.id.partition("-")[0]

    @property
    def every(self) -> bool:
        """Clamscan was asked for all names, not for the first it finds."""
        return "--allmatch" in self.flags

    @property
    def kinds(self) -> frozenset[str]:
        """Endings of the databases, with the dot."""
        return frozenset(os.path.splitext(one.name)[1] for one in self.databases)

    def lines(self, names: frozenset[str]) -> list[str]:
        """The lines of the databases that mention one of the names, or the only one."""
        found = []
        for database in self.databases:
            if database.name.endswith((".cvd", ".cld", ".cud")):
                found.append(f"{database.name}: a container")
                continue
            lines = database.data.decode(errors="replace").splitlines()
            said = [one for one in lines if any(name in one for name in names)]
            found += [f"{database.name}: {one}" for one in said or lines[:1]]
        return found


def bare(name: str) -> str:
    """A name as the database has it."""
    return name.removesuffix(ADDED).removeprefix(YARA)


def unpack(folder: Path) -> Path:
    """Unpack the recorded cases below a folder; return where they are."""
    with zstd.open(ARCHIVE) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        tar.extractall(folder, filter="data")
    (found,) = folder.rglob("cases.jsonl")
    return found.parent


def recorded(folder: Path) -> Iterator[Case]:
    """Every case of an unpacked folder, in order."""
    with open(folder / "cases.jsonl", encoding="utf-8") as lines:
        for line in lines:
            yield _case(json.loads(line), folder)


def _case(row: dict[str, Any], folder: Path) -> Case:
    if row["semantics"] == "pdb/wdb":
        return _links(row)
    expected = row.get("expected")
    views = _views(row)
    if views:
        (page,) = row["inputs"]
        expected = {page["name"]: [name for name, _ in views]}
    if expected is not None:
        expected = {
            name: frozenset(map(bare, names)) for name, names in expected.items()
        }
    return Case(
        row["id"],
        row["semantics"],
        tuple(_content(one, folder) for one in row.get("db", ())),
        tuple(_content(one, folder) for one in row.get("inputs", ())),
        tuple(row.get("flags") or ()),
        expected,
        row.get("agrees_with_upstream") is False,
        views,
    )


def _links(row: dict[str, Any]) -> Case:
    databases = tuple(Content(*one) for one in links.databases(row).items())
    names = links.expected(row)
    expected = None if names is None else {"mail": names}
    inputs = (Content("mail", links.mail(row)),)
    return Case(row["id"], row["semantics"], databases, inputs, (), expected)


def _views(row: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """What ClamAV's tests expect of a page, and what sigtool makes of it."""
    found = [row.get(key) or {} for key in ("upstream_reference_sha256", SIGTOOL)]
    return frozenset(one for named in found for one in named.items())


def _content(row: dict[str, Any], folder: Path) -> Content:
    if "text" in row:
        return Content(row["name"], row["text"].encode())
    return Content(row["name"], (folder / row["path"]).read_bytes())
