"""Behaviour of the zip reader, against what other programs write."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from struct import pack

import pytest
from formats.zip.test_build import FILES, File, archive, end64
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import contents, gaps, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import zip as reader

METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflated": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
MEMBERS = st.dictionaries(
    st.text("abc/", min_size=1, max_size=9).filter(lambda name: name[-1] != "/"),
    st.binary(max_size=400) | st.integers(0, 9).map(lambda n: bytes(n * 5000)),
    max_size=5,
)


class Pipe:
    """What cannot seek, so that the standard library writes data descriptors."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> int:
        """Take more bytes."""
        self.written += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no buffer."""

    def close(self) -> None:
        """Do nothing: what was written is kept."""


def written(members: dict[str, bytes], method: int, *, streamed: bool = False) -> bytes:
    """An archive as the standard library writes it."""
    pipe, buffer = Pipe(), io.BytesIO()
    with (
        zipfile.ZipFile(pipe, "w", method)
        if streamed
        else zipfile.ZipFile(buffer, "w", method)
    ) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return pipe.written or buffer.getvalue()


def recognised(data: bytes) -> bool:
    return reader.recognises(data[: 64 * 1024], Reader.of(data))


def read(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(reader.unpack(Reader.of(data)))


def told(data: bytes) -> list[Reason]:
    return gaps(reader.unpack(Reader.of(data)))


def expected(members: dict[str, bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), content) for name, content in members.items()]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("streamed", [False, True])
@settings(max_examples=40, deadline=None)
@given(members=MEMBERS)
def test_every_archive_of_the_standard_library_gives_exactly_its_members(
    method: str, members: dict[str, bytes], *, streamed: bool
) -> None:
    data = written(members, METHODS[method], streamed=streamed)
    assert recognised(data)
    assert read(data) == expected(members)
    assert told(data) == []


def test_an_archive_that_was_added_to_gives_every_version() -> None:
    buffer = io.BytesIO(written({"a": b"one"}, zipfile.ZIP_STORED))
    with zipfile.ZipFile(buffer, "a") as added:
        added.mkdir("folder")
        added.writestr("b", b"two")
    assert read(buffer.getvalue()) == [(b"a", b"one"), (b"b", b"two")]


INFO_ZIP = pytest.mark.skipif(
    shutil.which("zip") is None, reason="Info-ZIP is not installed"
)


def zipped(folder: Path, *options: str) -> bytes:
    """What Info-ZIP writes of a folder, to a pipe if `-` is among the options."""
    command = ["zip", "-q", "-r", *options, "."]
    made = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    return made.stdout if "-" in options else (folder / "out.zip").read_bytes()


@INFO_ZIP
@pytest.mark.parametrize("options", [["-0"], ["-9"], ["-Z", "bzip2"], ["-fz"], ["-D"]])
@pytest.mark.parametrize("output", ["out.zip", "-"])
def test_every_archive_of_info_zip_gives_exactly_its_members(
    tmp_path: Path, options: list[str], output: str
) -> None:
    members = {"a": b"content " * 99, "b/c": b"more", "b/empty": b"", "d": bytes(70000)}
    for name, content in members.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    data = zipped(tmp_path, *options, output)
    assert recognised(data)
    assert sorted(read(data)) == sorted(expected(members))
    assert told(data) == []


@INFO_ZIP
def test_a_link_is_a_part_that_holds_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert read(zipped(tmp_path, "-y", "out.zip")) == [(b"link", b"/etc/passwd")]


@INFO_ZIP
def test_an_encrypted_archive_of_info_zip_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    known = zipped(tmp_path, "-P", "password", "out.zip")
    assert (read(known), told(known)) == ([(b"a", b"content")], [])
    (tmp_path / "out.zip").unlink()
    data = zipped(tmp_path, "-P", "of somebody else", "out.zip")
    assert (read(data), told(data)) == ([], [Reason.ENCRYPTED])


@settings(max_examples=40, deadline=None)
@given(FILES.filter(bool), st.binary(max_size=99), st.binary(max_size=99))
def test_bytes_around_an_archive_hide_no_member(
    files: list[File], before: bytes, behind: bytes
) -> None:
    data = before + archive(*files) + behind
    assert recognised(data)
    parts = contents(reader.unpack(Reader.of(data)))
    assert all(file.content in parts for file in files)


@settings(max_examples=40, deadline=None)
@given(FILES.filter(bool), st.data())
def test_an_archive_that_is_cut_gives_the_members_before(
    files: list[File], data: st.DataObject
) -> None:
    whole = archive(*files)
    cut = data.draw(st.integers(0, len(whole) - 1))
    start, complete = 0, []
    for file in files:
        start += len(file.local())
        if start <= cut:
            complete.append((file.name, file.content))
    assert read(whole[:cut])[: len(complete)] == complete
    if recognised(whole[:cut]):
        assert told(whole[:cut])


@settings(max_examples=40, deadline=None)
@given(FILES.filter(bool), st.data())
def test_damage_anywhere_raises_nothing(files: list[File], data: st.DataObject) -> None:
    damaged = bytearray(archive(*files))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    recognised(bytes(damaged))
    told(bytes(damaged))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([b"PK\3\4", b"PK\1\2", b"PK\5\6"]), st.binary(max_size=300))
def test_arbitrary_bytes_behind_a_magic_give_parts_or_an_error_inside(
    magic: bytes, data: bytes
) -> None:
    data = magic + data
    try:
        assert sum(map(len, contents(reader.unpack(Reader.of(data))))) <= 1032 * 300
    except Malformed as error:
        assert 0 <= error.offset <= len(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"PK", b"PK\3\4", b"\3\5 PK", b"PK\3\4" + bytes(99), bytes(4096)],
)
def test_other_data_are_not_recognised(data: bytes) -> None:
    assert not recognised(data)


def test_a_part_that_is_not_held_is_searched() -> None:
    data = bytes(100_000) + archive(File()) + bytes(100_000)
    lying = Reader(lambda at, size: data[at : at + size], len(data))
    assert reader.recognises(data[: 64 * 1024], lying)
    assert contents(reader.unpack(lying)) == [File().content]


def test_more_members_than_an_end_record_can_count_are_read_to_the_end() -> None:
    file = File(b"", b"n", method=0)
    local, record = file.local(), file.record(0)
    body = local * 66_000
    places = (pack("<L", number * len(local)) for number in range(66_000))
    records = b"".join(record[:42] + place + record[46:] for place in places)
    before = len(body) + len(records)
    data = body + records + end64(66_000, len(records), len(body), before)
    items = list(reader.unpack(Reader.of(data)))
    assert {item.name for item in items} == {b"n"}
    assert len(items) == 66_000
