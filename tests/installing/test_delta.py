"""Of new rules only those pieces are fetched that are not there already."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.fake_web import Came, serving
from support.large_releases import Counting, add_large
from support.repositories import Repositories
from support.updating import Machine, files

from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger
from clearward.installing.delta import Held, together
from clearward.installing.folder import FolderCarrier
from clearward.installing.refusal import Code
from clearward.installing.web import WebCarrier
from clearward.updates.pieces import NAME, Piece, Pieces


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one")
    add_large(made)
    return made


@pytest.fixture
def machine(tmp_path: Path, publisher: Repositories) -> Machine:
    """A machine that has the first release."""
    made = Machine(tmp_path / "home", publisher.trust)
    assert made.update(publisher.folder).updated
    return made


def pieces(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("targets/pieces/")]


def counted(machine: Machine, folder: Path) -> Counting:
    with closing(FolderCarrier(str(folder))) as carrier:
        counting = Counting(carrier)
        assert machine.update(counting).updated
        return counting


def of(folder: Path) -> Pieces:
    (found, *_) = sorted(
        folder.glob(f"targets/*.{NAME}"), key=lambda one: -one.stat().st_mtime_ns
    )
    return Pieces.parse(found.read_bytes())


def test_the_first_rules_come_whole(tmp_path: Path, publisher: Repositories) -> None:
    counting = counted(Machine(tmp_path / "new", publisher.trust), publisher.folder)
    assert not pieces(counting.names)


def test_what_is_there_is_not_fetched_again(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, "one more")
    counting = counted(machine, publisher.folder)
    assert machine.seq() == 2
    assert 0 < len(pieces(counting.names)) < len(of(publisher.folder).all)
    assert not any(name.endswith(".rules.cwr") for name in counting.names)
    assert counting.moved < len(files(publisher.folder)["rules.cwr"]) * 3 / 4


def test_pieces_are_asked_for_in_the_order_of_the_list(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, "one more")
    names = pieces(counted(machine, publisher.folder).names)
    order = [one.place for one in of(publisher.folder).all]
    assert names == sorted(names, key=order.index)
    assert len(set(names)) == len(names)


def test_rules_that_have_little_in_common_come_whole(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, *(f"other {number}" for number in range(9000)), count=0)
    counting = counted(machine, publisher.folder)
    assert machine.seq() == 2
    assert not pieces(counting.names)


def test_a_release_of_before_that_was_damaged_does_no_harm(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, "one more")
    (image,) = machine.home.glob("rules/current/rules.cwr")
    data = bytearray(image.read_bytes())
    data[len(data) // 2] ^= 1
    image.write_bytes(data)
    machine.update(publisher.folder)
    assert machine.seq() == 2


@pytest.mark.parametrize("left", [b"", b"no list", None], ids=["empty", "odd", "gone"])
def test_a_list_of_before_that_is_damaged_does_no_harm(
    machine: Machine, publisher: Repositories, left: bytes | None
) -> None:
    add_large(publisher, "one more")
    (kept,) = machine.home.glob(f"rules/current/{NAME}")
    kept.unlink()
    if left is not None:
        kept.write_bytes(left)
    assert not pieces(counted(machine, publisher.folder).names)
    assert machine.seq() == 2


def test_a_changed_piece_is_tampering(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, "one more")
    for file in publisher.folder.glob("targets/pieces/*/*"):
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
    assert machine.refused(publisher.folder) is Code.TAMPERED


@pytest.mark.parametrize("change", [b"longer", b""], ids=["longer", "shorter"])
def test_a_piece_of_another_length_is_tampering(
    machine: Machine, publisher: Repositories, change: bytes
) -> None:
    add_large(publisher, "one more")
    for file in publisher.folder.glob("targets/pieces/*/*"):
        data = file.read_bytes()
        file.write_bytes(data + change if change else data[:-1])
    assert machine.refused(publisher.folder) is Code.TAMPERED


def test_a_piece_that_is_not_there_leaves_the_old_rules(
    machine: Machine, publisher: Repositories
) -> None:
    add_large(publisher, "one more")
    for file in publisher.folder.glob("targets/pieces/*/*"):
        file.unlink()
    assert machine.refused(publisher.folder) is Code.UNREACHABLE
    assert machine.seq() == 1


def test_a_changed_list_is_tampering(machine: Machine, publisher: Repositories) -> None:
    add_large(publisher, "one more")
    for file in publisher.folder.glob(f"targets/*.{NAME}"):
        file.write_bytes(file.read_bytes().replace(b"0", b"1", 1))
    assert machine.refused(publisher.folder) is Code.TAMPERED


def test_pieces_come_from_a_server_last_of_all(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    add_large(publisher, "one more")

    def answer(came: Came) -> tuple[int, bytes]:
        file = publisher.folder / came.target.lstrip("/")
        return (200, file.read_bytes()) if file.is_file() else (404, b"")

    ledger = Ledger(str(tmp_path / "other"))
    with (
        serving(answer) as (port, _),
        WebCarrier(f"http://127.0.0.1:{port}", ledger, 20) as carrier,
    ):
        assert machine.update(carrier).updated
    assert machine.seq() == 2
    asked = [
        line for one in connections(ledger.path).connections for line in one.requests
    ]
    wanted = [line for line in asked if "/pieces/" in line]
    order = [f"GET /{one.place}" for one in of(publisher.folder).all]
    assert wanted == sorted(wanted, key=order.index)
    assert wanted == asked[-len(wanted) :]


def test_a_piece_that_is_there_twice_is_fetched_once() -> None:
    content = {"one": b"1" * 9, "two": b"2" * 5}
    found = {
        name: Piece(hashlib.sha256(data).hexdigest(), len(data))
        for name, data in content.items()
    }
    one, two = found["one"], found["two"]
    by_place = {found[name].place: data for name, data in content.items()}
    asked: list[str] = []

    class Given:
        def read(self, name: str, _most: int) -> bytes:
            asked.append(name)
            return by_place[name]

        def stream(self, name: str, most: int) -> Iterator[bytes]:
            yield self.read(name, most)

    whole = Pieces((one, two, one, one, two))
    parts = [content["one"], content["two"], content["one"], content["one"]]
    assert list(together(whole, Held(), Given())) == [*parts, content["two"]]
    assert asked == [one.place, two.place]
