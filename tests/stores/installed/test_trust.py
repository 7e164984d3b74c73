"""Behaviour of what a user trusts."""

from pathlib import Path

import pytest
from support.signing import Signer

from clearward.core.errors import Refused
from clearward.stores.installed.place import Place
from clearward.stores.installed.trust import Trust


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (made := tmp_path / "trust").mkdir()
    (made / "root.json").write_bytes(b"{}")
    (made / "policy").write_text(f"log {Signer('log').public}\nquorum none\n")
    return made


def test_it_is_read_and_kept(tmp_path: Path, folder: Path) -> None:
    place = Place(str(tmp_path / "home"))
    assert Trust.kept(place) is None
    trust = Trust.read(str(folder))
    assert (trust.root, trust.seconds) == (b"{}", None)
    trust.keep(place)
    assert Trust.kept(place) == trust


@pytest.mark.parametrize(
    ("age", "seconds"), [("90s", 90), ("7d\n", 604_800), ("2h", 7200), ("5m", 300)]
)
def test_a_checkpoint_may_have_an_age(
    tmp_path: Path, folder: Path, age: str, seconds: int
) -> None:
    place = Place(str(tmp_path / "home"))
    Trust.read(str(folder)).keep(place)
    (folder / "freshness").write_text(age)
    trust = Trust.read(str(folder))
    assert trust.seconds == seconds
    trust.keep(place)
    assert Trust.kept(place) == trust
    (folder / "freshness").unlink()
    Trust.read(str(folder)).keep(place)
    assert Trust.kept(place) == Trust.read(str(folder))


@pytest.mark.parametrize("age", ["7", "d", "-1d", "1.5h", "7 d", "7d 7d"])
def test_another_age_is_refused(folder: Path, age: str) -> None:
    (folder / "freshness").write_text(age)
    with pytest.raises(Refused, match="such as 7d"):
        Trust.read(str(folder))


@pytest.mark.parametrize("name", ["root.json", "policy"])
def test_a_file_that_is_missing_or_endless_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\n" * 600_000)
    with pytest.raises(Refused, match=r"longer than|quorum"):
        Trust.read(str(folder))
    (folder / name).unlink()
    with pytest.raises(Refused, match=name):
        Trust.read(str(folder))


@pytest.mark.parametrize("text", [b"", b"quorum\n", b"\xff", b"log nothing\n"])
def test_a_policy_that_is_none_is_refused(folder: Path, text: bytes) -> None:
    (folder / "policy").write_bytes(text)
    with pytest.raises(Refused, match="policy"):
        Trust.read(str(folder))
