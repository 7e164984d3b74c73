"""The same sources are the same archive, wherever they are."""

import io
import os
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.publishing.sources import archive, unpack

FILES = {"b.yar": b"rule b", "a/x.ndb": b"x", "a/\xe4.hdb": b"y", "README": b"no rule"}


def write(folder: Path) -> Path:
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def archived(folder: Path, *paths: Path) -> bytes:
    output = folder / "rules.src.tar"
    archive([str(path) for path in paths], str(output))
    return output.read_bytes()


def test_neither_place_nor_time_nor_owner_is_in_it(tmp_path: Path) -> None:
    one = write(tmp_path / "one")
    other = write(tmp_path / "elsewhere/of/another/name")
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    first = archived(tmp_path, one, one / "b.yar")
    assert archived(tmp_path, other, other / "b.yar") == first
    with tarfile.open(fileobj=io.BytesIO(first)) as tar:
        assert tar.getnames() == [
            *("1/b.yar", "1/a/x.ndb", "1/a/\xe4.hdb", "2/b.yar", "manifest.json")
        ]
        assert {
            (one.mtime, one.uid, one.gid, one.uname, one.gname, one.mode) for one in tar
        } == {(0, 0, 0, "", "", 0o644)}


def test_what_is_compiled_is_in_the_order_that_was_named(tmp_path: Path) -> None:
    names = [f"{number}.yar" for number in range(12)]
    for name in names:
        (tmp_path / name).write_text(name)
    output = str(tmp_path / "rules.src.tar")
    paths = [str(tmp_path / name) for name in reversed(names)]
    made = archive(paths, output)
    unpacked = unpack(output, str(tmp_path / "there"))
    assert [Path(path).read_text() for path in unpacked.paths] == names[::-1]
    assert unpacked.manifest == made.manifest
    told = made.said(f"{unpacked.paths[0]}: bad, {unpacked.paths[10]}: bad", unpacked)
    assert told == f"{paths[0]}: bad, {paths[10]}: bad"


def test_what_is_no_source_is_left_out_and_told(tmp_path: Path) -> None:
    output = str(tmp_path / "rules.src.tar")
    made = archive([str(write(tmp_path / "one"))], output)
    assert made.skipped == {"no ending": 1}
    assert set(made.manifest.unknown()) == {"1/b.yar", "1/a/x.ndb", "1/a/\xe4.hdb"}


def test_a_folder_without_sources_is_not_compiled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    made = archive([str(tmp_path / "empty")], str(tmp_path / "rules.src.tar"))
    assert made.manifest.compile == ()


def test_a_source_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="none"):
        archived(tmp_path, tmp_path / "none.yar")
    assert not (tmp_path / "rules.src.tar").exists()


def hostile(name: str, **fields: object) -> Callable[[tarfile.TarFile], None]:
    def put(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(entry, field, value)
        tar.addfile(entry)

    return put


def named(manifest: bytes) -> Callable[[tarfile.TarFile], None]:
    def put(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(manifest)
        tar.addfile(entry, io.BytesIO(manifest))

    return put


MANIFEST = (
    b'{"compile": ["%s"], "compiler": {}, "files": {}, "form": 1, "provenance": []}'
)


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(hostile("../out"), id="above"),
        pytest.param(hostile("/out"), id="from the root"),
        pytest.param(
            hostile("link", type=tarfile.SYMTYPE, linkname="/etc"), id="a link out"
        ),
        pytest.param(
            hostile("link", type=tarfile.SYMTYPE, linkname="a"), id="a link inside"
        ),
        pytest.param(hostile("folder", type=tarfile.DIRTYPE), id="a folder"),
        pytest.param(hostile("a//b"), id="a name with a gap"),
        pytest.param(hostile("null", type=tarfile.CHRTYPE), id="a device"),
        pytest.param(hostile("no manifest"), id="no manifest"),
        pytest.param(named(b"{"), id="no JSON"),
        pytest.param(named(MANIFEST % b"../../etc/passwd"), id="a path above"),
        pytest.param(named(MANIFEST % b"/etc/passwd"), id="a path from the root"),
    ],
)
def test_an_archive_of_others_stays_in_its_folder(
    tmp_path: Path, put: Callable[[tarfile.TarFile], None]
) -> None:
    path = tmp_path / "rules.src.tar"
    with tarfile.open(path, "w") as tar:
        put(tar)
    with pytest.raises(Refused):
        unpack(str(path), str(tmp_path / "in"))
    assert {one.name for one in tmp_path.iterdir()} <= {"rules.src.tar", "in"}


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.src.tar"
    path.write_bytes(b"no archive" * 100)
    with pytest.raises(Refused, match="no archive"):
        unpack(str(path), str(tmp_path / "in"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=600))
def test_whatever_is_in_an_archive_it_is_unpacked_or_refused(
    tmp_path: Path, data: bytes
) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        named(MANIFEST % b"1")(tar)
    path = tmp_path / "rules.src.tar"
    for made in (data, whole.getvalue()[:512] + data, data + whole.getvalue()):
        path.write_bytes(made)
        with TemporaryDirectory() as folder, suppress(Refused):
            unpack(str(path), f"{folder}/in")
