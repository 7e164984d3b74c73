"""Names that lead outside or print what they should not: shown escaped, never used."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command import clearward
from support.marks import EICAR

NAMES = [
    "../../outside",
    "/tmp/clearward-outside",  # noqa: S108 - nothing is written there
    "C:\\Windows\\outside.exe",
    "a\0b",
    "\x1b]0;title\x07\x1b[2J",
    "a\r\nb\tc\x7f\x9b",
    "\u202egnp.exe",
    "n" * 65_000,
    "",
    ".",
]
RAW = [b"\xff\xfe\x80", "имя".encode("koi8-r"), b"\x83e\x83X\x83g"]


def zipped(name: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x" * len(name) or "x", EICAR)
    return file.getvalue().replace(b"x" * len(name), name) if name else file.getvalue()


def tarred(name: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("x")
        member.size = len(EICAR)
        if len(name) > 100:
            member.pax_headers = {"path": name.decode("utf-8", "replace")}
            archive.addfile(member, io.BytesIO(EICAR))
            return file.getvalue()
        archive.addfile(member, io.BytesIO(EICAR))
    data = bytearray(file.getvalue())
    data[:100] = name.ljust(100, b"\0")
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("how", ["--json", "--explain"])
def test_a_hostile_name_is_escaped_and_never_a_path(
    pack: Callable[[bytes], bytes], how: str, tmp_path: Path
) -> None:
    names = [name.encode("utf-8") for name in NAMES] + RAW
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate(names):
        (folder / f"{number}").write_bytes(pack(name))
    before = sorted(tmp_path.rglob("*"))
    ran = clearward("scan", "--explain", how, "--no-cache", folder)
    text = ran.out.decode("utf-8")  # is UTF-8 whatever the names are
    printed = set(text) - {"\n"}
    assert not {each for each in printed if not each.isprintable()}
    assert ran.err == b""
    assert ran.status == 1
    if how == "--json":
        assert [row["outcome"] for row in ran.rows] == ["found"] * len(names)
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path(NAMES[1]).exists()
