"""Behaviour of `clearward ledger cosign` and `witness`, beside a real witness."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from egress.test_webhook import hearing
from support.command import Ran, clearward
from support.cosigning import filled
from support.marks import EICAR
from support.scripted import Talk, scripted
from support.signing import Signer
from support.witnessing import Log, witnessed


@dataclass(frozen=True)
class Site:
    """A home with a ledger, and a witness that is yet to be started."""

    home: Path
    state: Path
    vkey: str

    def run(self, *words: str) -> Ran:
        home = {"CLEARWARD_HOME": str(self.home)}
        return clearward("ledger", *words, environment=home)

    def add(self, port: int) -> str:
        ran = self.run("witness", "add", f"http://127.0.0.1:{port}", self.vkey)
        assert (ran.status, ran.err) == (0, b"")
        return ran.out.decode().split()[-1]

    @contextmanager
    def running(self) -> Iterator[int]:
        key = (self.home / "ledger/key").read_bytes()
        signer = Signer(self.add(1).partition("+")[0])
        signer.__dict__["private"] = Ed25519PrivateKey.from_private_bytes(key)
        with witnessed(self.state, Log(signer=signer)) as (_, port):
            assert self.add(port) == str(signer.public)
            yield port


@pytest.fixture
def site(tmp_path: Path) -> Site:
    filled(tmp_path / "home", 2)
    state = tmp_path / "state"
    words = ("--state", state, "--name", "w.example", "--json")
    ran = clearward("witness", "keygen", *words)
    return Site(tmp_path / "home", state, ran.summary["vkey"])


def test_a_cosigned_ledger_cannot_change_its_past(site: Site, tmp_path: Path) -> None:
    with site.running() as port:
        assert b"not cosigned by w.example yet" in site.run("verify").out
        ran = site.run("cosign", "--json")
        assert (ran.status, ran.summary) == (0, {"witnesses": 1, "cosigned": 1})
        (asked,) = site.run("list", "--json").rows[2:]
        assert asked["reason"] == "witness"
        assert asked["destination"] == f"127.0.0.1:{port}"
        assert asked["requests"] == ["POST /add-checkpoint"]
    ran = site.run("verify", "--json", "--witness", site.vkey)
    assert ran.status == 0
    (stood,) = ran.summary["cosigned"]
    assert stood.pop("time").startswith("20")
    assert stood == {"name": "w.example", "records": 2, "holds": True, "why": ""}

    copy = tmp_path / "copy"
    assert site.run("export", str(copy)).status == 0
    assert b"cosigned by w.example up to record 2" in site.run("verify", str(copy)).out

    # Who holds the host's key writes another past, all of it signed.
    for name in ("records", "head"):
        (site.home / "ledger" / name).unlink()
    filled(site.home, 3)
    ran = site.run("verify")
    assert ran.status == 1
    assert b"NOT what w.example knows: the first 2 records are not" in ran.out


def test_a_witness_that_was_named_has_to_have_signed(site: Site) -> None:
    ran = site.run("verify", "--witness", site.vkey)
    assert (ran.status, ran.err) == (1, b"")
    assert b"not cosigned by w.example yet" in ran.out
    assert site.run("verify").status == 0


def test_a_witness_that_is_not_there_is_said(site: Site) -> None:
    site.add(1)
    ran = site.run("cosign")
    assert ran.status == 1
    assert b"w.example has not cosigned: 127.0.0.1:1: Connection refused" in ran.out


def test_without_a_witness_nothing_is_asked(site: Site) -> None:
    before = (site.home / "ledger/records").read_bytes()
    ran = site.run("cosign")
    assert (ran.status, ran.out) == (0, b"no witness was added\n")
    assert (site.home / "ledger/records").read_bytes() == before


def test_witnesses_are_listed_and_removed(site: Site) -> None:
    assert site.run("witness", "list", "--json").summary["witnesses"] == 0
    log = site.add(1)
    ran = site.run("witness", "list", "--json")
    assert ran.summary == {"witnesses": 1, "log_vkey": log}
    assert ran.rows[0]["vkey"] == site.vkey
    assert site.run("witness", "remove", "w.example").status == 0
    assert site.run("witness", "list").out == b""
    assert site.run("witness", "remove", "w.example").status == 2


@pytest.mark.parametrize("words", [("ftp://a", "x"), ("http://a", "x\x1b")])
def test_what_is_no_witness_is_one_line(site: Site, words: tuple[str, str]) -> None:
    ran = site.run("witness", "add", *words)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert b"\x1b" not in ran.err


def test_a_command_that_sent_something_has_it_cosigned_once(site: Site) -> None:
    (site.home / "bad").write_bytes(EICAR)
    bodies: list[bytes] = []
    with site.running(), scripted(hearing(bodies)) as (port, _):
        url = f"http://127.0.0.1:{port}/hooks/one"
        words = ("schedule", "run", "--notify-url", url, site.home / "bad")
        ran = clearward(*words, environment={"CLEARWARD_HOME": str(site.home)})
        assert ran.status == 1
    reasons = [row["reason"] for row in site.run("list", "--json").rows]
    assert reasons == ["update", "update", "notify", "witness"]
    # Two of before, and two of the notice; those of the question come behind.
    assert b"up to record 4, at" in site.run("verify").out


def test_a_look_up_that_sent_something_has_it_cosigned(site: Site) -> None:
    def nothing(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"", "404 Not Found")

    with site.running(), scripted(nothing) as (port, _):
        words = ("lookup", "a" * 64, "--from", f"http://127.0.0.1:{port}/set/")
        ran = clearward(*words, environment={"CLEARWARD_HOME": str(site.home)})
        assert ran.status == 2
    reasons = [row["reason"] for row in site.run("list", "--json").rows]
    assert reasons == ["update", "update", "lookup", "witness"]


def test_a_fetch_that_sent_something_has_it_cosigned(
    site: Site, tmp_path: Path
) -> None:
    def nothing(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"", "404 Not Found")

    with site.running(), scripted(nothing) as (port, _):
        (listed := tmp_path / "sources.toml").write_text(
            f'[[source]]\nname = "a"\nfile = "a.sha256"\n'
            f'url = "http://127.0.0.1:{port}/a"\n'
        )
        words = ("publish", "fetch", "--into", tmp_path / "into", "--sources", listed)
        ran = clearward(*words, environment={"CLEARWARD_HOME": str(site.home)})
        assert ran.status == 1
    reasons = [row["reason"] for row in site.run("list", "--json").rows]
    assert reasons == ["update", "update", "import", "witness"]
