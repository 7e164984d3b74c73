"""Behaviour of rules about members of containers (cdb) in a scan."""

import io
import tarfile
import zipfile

import pytest
from support.scans import Scan

NAMES = ("d/one.bin", "two.txt", "empty")


def line(name: str, container: str = "*", **fields: str) -> str:
    given = {"size": "*", "pattern": "*", "packed": "*", "length": "*"}
    given |= {"encrypted": "*", "position": "*", **fields}
    return ":".join((name, container, *given.values(), "*", "*"))


def zipped(*, folder: bool = False, encrypted: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("d/", *NAMES) if folder else NAMES:
            archive.writestr(zipfile.ZipInfo(name), name[:-1])
    data = out.getvalue()
    if encrypted:
        for magic, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
            pieces = data.split(magic)
            data = pieces[0] + b"".join(
                magic + one[: at - 4] + b"\1" + one[at - 3 :] for one in pieces[1:]
            )
    return data


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in NAMES:
            entry = tarfile.TarInfo(name)
            entry.size = len(name) - 1
            archive.addfile(entry, io.BytesIO(name.encode()))
    return out.getvalue()


RULES = "\n".join(
    (
        line("Zip", "CL_TYPE_ZIP"),
        line("Tar", "CL_TYPE_POSIX_TAR"),
        line("One", pattern="^d/one", position="1", length="8"),
        line("Two", pattern="two", position="2"),
        line("Three", position="3"),
        line("Folder", pattern="d/$", position="1"),
        line("Middle", pattern="two", position="0"),
        line("Secret", pattern="two", encrypted="1"),
        line("Name", pattern="att"),
        line("Size", pattern="att", packed="9", length="9"),
    )
)


@pytest.fixture(scope="module")
def scan() -> Scan:
    return Scan(cdb=RULES)


def test_members_of_archives_are_known_by_name_place_and_size(scan: Scan) -> None:
    assert set(scan.names(zipped())) == {"Zip", "One", "Two", "Three"}
    assert set(scan.names(tarred())) == {"Tar", "One", "Two", "Three"}


def test_a_folder_in_a_zip_counts(scan: Scan) -> None:
    assert set(scan.names(zipped(folder=True))) == {"Zip", "Folder", "Three"}


def test_an_archive_in_the_middle_of_a_part_counts_no_members(scan: Scan) -> None:
    data = b"GIF89a" + bytes(100) + zipped()
    assert set(scan.names(data)) == {"Zip", "Middle"}
    size = line("Rest", size=str(len(zipped())))
    assert Scan(cdb=size).names(data) == ["Rest"]


def test_what_is_encrypted_is_known_by_what_its_header_says(scan: Scan) -> None:
    assert "Secret" in scan.names(zipped(encrypted=True))


def test_what_is_attached_to_a_mail_has_a_name_and_the_size_it_has(scan: Scan) -> None:
    mail = (
        b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b'--b\nContent-Type: application/zip; name="att.bin"\n'
        b"Content-Transfer-Encoding: base64\n\nkJCQkJCQkJCQ\n--b--\n"
    )
    assert set(scan.names(mail)) == {"Name", "Size"}


def test_members_at_any_depth_are_asked_about(scan: Scan) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", tarred())
    assert {"Zip", "Tar", "One"} <= set(scan.names(out.getvalue()))
