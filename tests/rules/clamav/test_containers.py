"""Behaviour of cvd, cld and cud."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import source
from support.clamav_signing import KEYS, container, header, info, tar

from clearward.core.names import Problem
from clearward.rules.clamav import containers as module
from clearward.rules.clamav.containers import Header, read_header, unpack
from clearward.rules.clamav.fault import Wrong
from clearward.rules.source import Source

FILES = (("main.hdb", b"hashes"), ("main.ldb", b"logic"))
KINDS = ("cvd", "cld", "cud")
CASES = Path(os.environ.get("CLEARWARD_CLAMAV_CASES", "/nowhere"))


def members(data: bytes, kind: str) -> list[tuple[str, str, bytes]]:
    found = list(unpack(source(data, kind), KEYS))
    return [(one.label, one.kind, one.text) for one in found if isinstance(one, Source)]


def refusal(data: bytes, kind: str) -> str:
    """Return why a container is refused, which is all that comes of it."""
    [problem] = unpack(source(data, kind), KEYS)
    assert isinstance(problem, Problem)
    assert problem.fatal
    return problem.message


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_sources_of_their_kind(kind: str) -> None:
    assert members(container(kind, *FILES), kind) == [
        (f"list.{kind}/main.hdb", "hdb", b"hashes"),
        (f"list.{kind}/main.ldb", "ldb", b"logic"),
    ]


def test_a_header_has_nine_fields() -> None:
    read = read_header(header(b""))
    assert read == Header(
        "22 Jun 2021 21-34 -0400", 6, 14, 81, read.md5, read.signature, "me", 1624412045
    )
    assert read_header(b"ClamAV-VDB:now:1:2:3:X:X:me".ljust(512)).seconds == 0


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", 0),
        (b"ClamAV-VDB:now:1:2:3:X:X:me:4", 0),
        (b"ClamAV-Diff:now:1:2:3:X:X:me:4".ljust(512), 0),
        (b"ClamAV-VDB:now:1:2:3:X:X".ljust(512), 0),
        (b"ClamAV-VDB:now:x:2:3:X:X:me:4".ljust(512), 3),
        (b"ClamAV-VDB:now:1:2:3:X:X:me:x".ljust(512), 9),
    ],
)
def test_a_wrong_header_names_its_field(data: bytes, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        read_header(data)
    assert caught.value.field == field


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [520, -20])
def test_a_changed_byte_is_refused(kind: str, place: int) -> None:
    data = bytearray(container(kind, *FILES))
    data[place] ^= 1
    if kind == "cld" and place < 0:
        data[data.index(b"logic")] ^= 1
    assert refusal(bytes(data), kind)


@pytest.mark.parametrize("kind", ["cvd", "cld"])
def test_signatures_of_others_are_refused(kind: str) -> None:
    [problem] = unpack(source(container(kind, *FILES), kind))
    assert isinstance(problem, Problem)
    assert "digital signature" in problem.message


def test_a_cvd_is_signed_in_its_header() -> None:
    made = container("cud", *FILES)
    assert refusal(made, "cvd") == "the digital signature in the header is wrong"
    assert refusal(b"ClamAV-VDB:now:1:2:3:X:X:me:4".ljust(512) + made[512:], "cvd")


def test_a_cld_is_signed_in_its_info() -> None:
    assert refusal(container("cud", *FILES), "cld") == "no digital signature"
    content = tar(*FILES)
    assert refusal(header(content) + content, "cld") == "no digital signature"


@pytest.mark.parametrize("kind", ["cvd", "cud"])
def test_a_wrong_signature_is_refused_where_none_is_needed(kind: str) -> None:
    content = tar(("a.info", info(*FILES).replace(b":6:", b":7:")), *FILES)
    assert ".info is wrong" in refusal(header(content) + content, kind)


def test_a_cud_needs_no_digest_and_no_list() -> None:
    content = gzip.compress(tar(*FILES))
    made = b"ClamAV-VDB:now:1:2:3:X:X:me:4".ljust(512) + content
    assert len(members(made, "cud")) == 2
    assert "MD5" in refusal(header(b"other", signed=False) + content, "cud")


@pytest.mark.parametrize(
    ("listed", "present", "message"),
    [
        (FILES, FILES[:1], "missing"),
        (FILES[:1], FILES, "does not list"),
        (FILES, (FILES[0], ("main.ldb", b"other")), "not what the .info says"),
        (FILES, (*FILES, FILES[0]), "two members"),
        (FILES, (*FILES, ("b.info", info())), "second .info"),
    ],
)
def test_the_list_has_to_fit(
    listed: tuple[tuple[str, bytes], ...],
    present: tuple[tuple[str, bytes], ...],
    message: str,
) -> None:
    content = tar(("a.info", info(*listed)), *present)
    for kind in KINDS:
        assert message in refusal(header(content) + content, kind)


def test_a_list_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_INFO", 10)
    assert "more than 10" in refusal(container("cvd", *FILES), "cvd")


@given(st.binary(max_size=700), st.sampled_from(KINDS))
def test_any_bytes_are_a_container_or_refused(data: bytes, kind: str) -> None:
    for made in (data, header(data) + data, header(data, signed=False) + data):
        found = list(unpack(source(made, kind), KEYS))
        fatal = [one for one in found if isinstance(one, Problem)]
        assert fatal in ([], found)


def test_a_database_that_clamav_signed_is_taken() -> None:
    signed = CASES / "3ac78063d9b428b27060b8bc9bad1fd63445a7c8e39ca91e21edda37eb15a99e"
    if not signed.exists():
        pytest.skip(
            "CLEARWARD_CLAMAV_CASES does not name the inputs of the ClamAV cases"
        )
    data = signed.read_bytes()
    assert [type(one) for one in unpack(source(data, "cvd"))] == [Source] * 18
    assert isinstance(next(unpack(source(data[:-1], "cvd"))), Problem)
