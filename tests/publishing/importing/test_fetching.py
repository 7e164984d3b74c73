"""Behaviour of fetching public sources, from a server on the loopback."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path

import pytest
from egress.test_tls import sealed
from support.fake_web import Came, serving
from support.scripted import Script, Talk, scripted

from clearward.core.errors import Refused, Unavailable
from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger
from clearward.egress.request import Key
from clearward.egress.tls import Trust
from clearward.publishing.importing.fetching import Fetching
from clearward.publishing.importing.listed import Listed
from clearward.publishing.importing.needed import Needed

TODAY = date(2026, 11, 24)
LIST = b"a" * 64 + b"\n"
SECRET = "0123456789abcdef" * 3


def source(port: int, most: int = 1000) -> Listed:
    url = f"http://127.0.0.1:{port}/lists/bad.sha256?days=2"
    said = {"licence": "CC0-1.0", "about": "for people"}
    return Listed("bad", url, "bad.sha256", said, most)


def fetching(folder: Path) -> Fetching:
    return Fetching(Ledger(str(folder / "home")), str(folder / "into"), TODAY)


def good(_: Came) -> tuple[int, bytes]:
    return 200, LIST


def test_a_source_comes_with_where_it_is_from(tmp_path: Path) -> None:
    with serving(good) as (port, came):
        found = fetching(tmp_path).fetch(source(port))
        assert [one.target for one in came] == ["/lists/bad.sha256?days=2"]
        again = fetching(tmp_path).fetch(source(port))
    assert (found.changed, again.changed) == (True, False)
    assert Path(found.path).read_bytes() == LIST
    assert found.sha256 == hashlib.sha256(LIST).hexdigest()
    told = tomllib.loads((tmp_path / "into/bad/bundle.toml").read_text())
    assert told["source"] == [
        {
            "name": "bad",
            "files": ["bad.sha256"],
            "url": source(port).url,
            "licence": "CC0-1.0",
            "date": TODAY,
        }
    ]
    (one, _) = connections(str(tmp_path / "home/ledger")).connections
    assert one.opened.reason == "import"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [(404, b"", Refused), (200, b"x" * 1001, Refused), (500, b"", Refused)],
)
def test_what_does_not_come_leaves_what_was_there(
    tmp_path: Path, status: int, body: bytes, error: type[Exception]
) -> None:
    with serving(good) as (port, _):
        kept = fetching(tmp_path).fetch(source(port))
    with serving(lambda _: (status, body)) as (port, _), pytest.raises(error):
        fetching(tmp_path).fetch(source(port))
    assert Path(kept.path).read_bytes() == LIST
    assert sorted(one.name for one in Path(kept.path).parent.iterdir()) == [
        "bad.sha256",
        "bundle.toml",
    ]


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with serving(good) as (port, _):
        pass
    with pytest.raises(Unavailable, match="refused"):
        fetching(tmp_path).fetch(source(port))


def bring(folder: Path, *scripts: Script, header: str = "") -> tuple[list[Talk], str]:
    """Fetch a source with a key; return what was asked, and what all files hold."""
    context, roots = sealed(folder)
    with scripted(*scripts, tls=context) as (port, talks):
        place = "" if header else "{key}/"
        url = f"https://127.0.0.1:{port}/{place}bad.sha256"
        needed = Needed("A_KEY", header)
        listed = Listed("bad", url, "bad.sha256", {}, needed=needed)
        ledger = Ledger(str(folder / "home"))
        made = Fetching(ledger, str(folder / "into"), TODAY, trust=Trust(roots))
        made.fetch(listed, Key(SECRET, header))
    kept = [one for one in folder.rglob("*") if one.is_file()]
    return talks, "".join(one.read_bytes().decode("latin-1") for one in kept)


def gives(talk: Talk) -> None:
    talk.hear()
    talk.answer(LIST)


@pytest.mark.parametrize("header", ["", "Auth-Key"])
def test_a_key_is_sent_and_in_no_file(tmp_path: Path, header: str) -> None:
    talks, kept = bring(tmp_path, gives, header=header)
    assert SECRET.encode() in talks[0].heads[0]
    assert SECRET not in kept
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    assert f"(withheld: 48 bytes, SHA-256 {digest})" in kept
    bundle = (tmp_path / "into/bad/bundle.toml").read_text()
    assert digest not in bundle
    assert ("{key}/bad.sha256" in bundle) == (not header)


def repeats(*pieces: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.hear()
        size = sum(map(len, pieces))
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for piece in pieces:
            talk.say(piece)

    return script


@pytest.mark.parametrize("at", [0, 1, 24, 47, 48])
def test_an_answer_that_repeats_the_key_is_not_kept(tmp_path: Path, at: int) -> None:
    """However it is cut, it would be published."""
    key = SECRET.encode()
    with pytest.raises(Refused, match="repeats the key") as raised:
        bring(tmp_path, repeats(b"# " + key[:at], key[at:] + b"\n", LIST))
    assert SECRET not in str(raised.value)
    assert not (tmp_path / "into/bad/bad.sha256").exists()


def test_an_error_that_would_show_the_key_does_not(tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(f"HTTP/1.1 200 OK\r\nno colon {SECRET}\r\n\r\n".encode())

    with pytest.raises(Refused, match="repeats the key"):
        bring(tmp_path, script)


def test_what_an_address_was_signed_with_is_not_published(tmp_path: Path) -> None:
    with serving(good) as (second, came):

        def moved(talk: Talk) -> None:
            talk.hear()
            to = f"http://127.0.0.1:{second}/store?signature=abc"
            talk.answer(b"", "302 Found", f"Location: {to}")

        with scripted(moved) as (first, _):
            url = f"http://127.0.0.1:{first}/latest"
            also = (f"127.0.0.1:{second}",)
            listed = Listed("bad", url, "bad.sha256", {}, also=also)
            fetching(tmp_path).fetch(listed)
    assert came[0].target == "/store?signature=abc"
    bundle = (tmp_path / "into/bad/bundle.toml").read_text()
    assert "signature" not in bundle
    assert f'url = "{url}"' in bundle
