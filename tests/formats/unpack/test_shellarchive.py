"""Behaviour of the reader of scripts with an archive behind them."""

import base64
import gzip
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import shellarchive

ARCHIVE = b"archive \0\xff" * 40
MAKESELF = b'#!/bin/sh\n# generated using Makeself 2.4.5\nskip="4"\nexit 0\n'


def unpacked(script: bytes) -> list[bytes]:
    return contents(shellarchive.unpack(Reader.of(script)))


def test_the_archive_begins_behind_as_many_lines_as_are_said() -> None:
    assert unpacked(MAKESELF + ARCHIVE) == [ARCHIVE]


def test_base64_is_decoded() -> None:
    assert unpacked(MAKESELF + base64.encodebytes(ARCHIVE)) == [ARCHIVE]
    packed = gzip.compress(ARCHIVE * 9, mtime=0)
    script = b"#!/bin/sh\nexec tail\n" + base64.encodebytes(packed)
    assert unpacked(script) == [packed]


def test_what_is_encrypted_is_handed_on() -> None:
    behind = b"Salted__" + bytes(range(128, 150))
    assert unpacked(b"#!/bin/sh\nexit\n" + behind) == [behind]


def test_an_archive_that_is_not_found_is_said() -> None:
    for script in (b"#!/bin/sh\n", MAKESELF.replace(b"4", b"99"), MAKESELF):
        assert gaps(shellarchive.unpack(Reader.of(script))) == [Reason.UNSUPPORTED]


@pytest.mark.skipif(not shutil.which("makeself"), reason="makeself is not installed")
@pytest.mark.parametrize("option", ["--nocomp", "--base64"])
def test_what_makeself_packs_comes_back(tmp_path: Path, option: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/file").write_bytes(b"content of the file")
    command = ["makeself", "-q", option, "in", "out.run", "title", "true"]
    subprocess.run(command, cwd=tmp_path, check=True)
    (archive,) = unpacked((tmp_path / "out.run").read_bytes())
    assert archive[257:262] == b"ustar"
    assert b"content of the file" in archive


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for front in (MAKESELF, b"#!/bin/sh\n\nH4sI"):
        with suppress(Malformed):
            collect(shellarchive.unpack(Reader.of(front + data)))
