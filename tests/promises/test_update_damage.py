"""A repository that is damaged, a disk that is full: the old rules stay, and whole."""

import hashlib
import io
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import Machine, files, witnesses

from clearward.core.errors import Unavailable
from clearward.installing.carrier import Cut
from clearward.installing.refusal import Untrusted

SAMPLES = 40  # places in a file


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one", witnesses=witnesses(), quorum=2)
    made.add("One")
    return made


def tried(machine: Machine, source: Path, whole: int) -> bool:
    """Say whether a damaged repository was believed; then nothing was damaged."""
    before = machine.seq()
    try:
        machine.update(source)
    except (Untrusted, Cut):
        assert machine.seq() == before
        return False
    assert machine.seq() == whole
    return True


def damages(data: bytes, rng: random.Random) -> list[bytes]:
    """A file with a byte changed, cut, and with something behind it."""
    places = {0, len(data) - 1} | {rng.randrange(len(data)) for _ in range(SAMPLES)}
    changed = [
        data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        for at in sorted(places)
    ]
    cut = [data[:at] for at in sorted(places)]
    return [*changed, *cut, data + b"\0", b""]


def test_files_changed_at_any_byte_or_cut_at_any_length_are_not_believed(
    tmp_path: Path, publisher: Repositories
) -> None:
    """Every file that is asked for; what is in force is the old release or the new."""
    rng = random.Random(6)  # noqa: S311 - places in files
    old = Machine(tmp_path / "old", publisher.trust)
    old.update(publisher.folder)
    publisher.add("Two")
    asked = [
        one
        for pattern in ("metadata/timestamp.json", "metadata/[3]*", "log/checkpoint")
        for one in publisher.folder.glob(pattern)
    ]
    asked += publisher.folder.glob("log/tile/0/000.p/2")
    for name, data in files(publisher.folder).items():
        if name != "rules.src.tar":
            digest = hashlib.sha256(data).hexdigest()
            asked.append(publisher.folder / "targets" / f"{digest}.{name}")
    assert len(asked) == 7
    believed = 0
    for path in asked:
        data = path.read_bytes()
        for number, damaged in enumerate(damages(data, rng)):
            path.write_bytes(damaged)
            home = tmp_path / f"{path.name}{number}"
            subprocess.run(["cp", "-a", old.home, home], check=True)
            believed += tried(Machine(home), publisher.folder, 2)
            subprocess.run(["rm", "-r", home], check=True)
        path.write_bytes(data)
    assert not believed


def archived(repository: Path, change: Callable[[tarfile.TarFile], None]) -> bytes:
    """A repository as an archive, with something odd behind its files."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        archive.add(repository, arcname=".")
        change(archive)
    return whole.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


ODD = {
    "a symbolic link": member("metadata/9", tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": member("metadata/9", tarfile.LNKTYPE, "metadata/timestamp.json"),
    "a device": member("metadata/9", tarfile.CHRTYPE),
    "a pipe": member("metadata/9", tarfile.FIFOTYPE),
    "an absolute name": member("/metadata/9"),
    "a name that leads out": member("metadata/../../9"),
    "a name twice": member("metadata/timestamp.json"),
    "the same name in other words": member("./metadata/timestamp.json"),
    "a name with a line in it": member("metadata/9\n8"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_archive_with_odd_members_is_not_used(
    tmp_path: Path, publisher: Repositories, what: str
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    path = tmp_path / "odd.tar"
    path.write_bytes(archived(publisher.folder, lambda one: one.addfile(ODD[what])))
    with pytest.raises(Cut):
        machine.update(path)
    path.write_bytes(archived(publisher.folder, lambda _: None))
    assert machine.update(path).updated


def test_an_archive_that_is_cut_at_any_block_is_not_used(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    path = tmp_path / "cut.tar"
    data = archived(publisher.folder, lambda _: None)
    end = len(data.rstrip(b"\0"))
    for length in [*range(0, end, 512), *range(1, end, 4999)]:
        path.write_bytes(data[:length])
        with pytest.raises((Cut, Untrusted)):
            machine.update(path)
    assert machine.seq() == 0


FULL = """
import subprocess, sys
from pathlib import Path
from support.updating import Machine
from clearward.core.errors import ClearwardError

root, disk = Path(sys.argv[1]), Path(sys.argv[2])
first, second = root / "first", root / "second"
Machine(root / "before", first / "trust").update(first)
done = []
for size in range(64, 64 * 32, 64):
    options = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk]
    subprocess.run(options, check=True)
    copied = subprocess.run(["cp", "-a", root / "before", disk / "home"])
    if not copied.returncode:
        machine = Machine(disk / "home")
        try:
            machine.update(second)
        except ClearwardError as error:
            assert type(error).__name__ == "Unavailable", repr(error)
        done.append(machine.seq())
    subprocess.run(["umount", disk], check=True)
assert done[0] == 1 and done[-1] == 2 and done == sorted(done), done
print(done.count(1))
"""


def test_a_disk_that_is_full_at_any_64_kb_leaves_the_old_rules(
    tmp_path: Path, publisher: Repositories
) -> None:
    if subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    first = publisher.copy(tmp_path / "first")
    publisher.add("Two")
    publisher.copy(tmp_path / "second")
    (tmp_path / "disk").mkdir()
    command = ["unshare", "-rm", sys.executable, "-c", FULL]
    ran = subprocess.run(
        [*command, first.parent, tmp_path / "disk"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert int(ran.stdout) > 0


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    with pytest.raises(Unavailable, match="nowhere"):
        machine.update(tmp_path / "nowhere")
