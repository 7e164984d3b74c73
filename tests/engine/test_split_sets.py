"""Behaviour of pieces of sets: what shows that it is one is never clean."""

import io
import random
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py7zr import SevenZipFile
from support.scans import Scan

from clearward.core.reasons import NONE, Reason

CONTENT = random.Random(9).randbytes(3000)  # noqa: S311 - no secret
SCAN = Scan(ndb="never:0:*:" + b"stands nowhere in these".hex() + "\n")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one", CONTENT)
        archive.writestr("two", CONTENT[::-1])
    return out.getvalue()


def seven() -> bytes:
    out = io.BytesIO()
    with SevenZipFile(out, "w") as archive:
        archive.writestr(CONTENT, "one")
    return out.getvalue()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("one", "two"):
            member = tarfile.TarInfo(name)
            member.size = len(CONTENT)
            archive.addfile(member, io.BytesIO(CONTENT))
    return out.getvalue()


ZIP, SEVEN, TAR = zipped(), seven(), tarred()
WHOLE = {"zip": ZIP, "spanned": b"PK\7\x08" + ZIP, "7z": SEVEN, "tar": TAR}


def reasons(data: bytes) -> Reason:
    return SCAN(data).reasons


@pytest.mark.parametrize("kind", ["zip", "7z", "tar"])
def test_the_whole_is_clean(kind: str) -> None:
    assert reasons(WHOLE[kind]) == NONE


@settings(max_examples=60, deadline=None)
@given(st.integers(600, 2900))
@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_the_first_piece_is_truncated(kind: str, size: int) -> None:
    assert Reason.TRUNCATED in reasons(WHOLE[kind][:size])


@settings(max_examples=60, deadline=None)
@given(st.integers(100, len(ZIP) - 120))
def test_the_last_piece_of_a_zip_is_not_clean(start: int) -> None:
    assert reasons(ZIP[start:]) != NONE


def test_a_piece_from_the_middle_has_nothing_to_tell_it_by() -> None:
    assert reasons(SEVEN[200:1500]) == NONE
    assert reasons(ZIP[200:1500]) == NONE
