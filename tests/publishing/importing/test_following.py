"""Behaviour of following a server to another one, on real sockets."""

import socket
from pathlib import Path

import pytest
from egress.test_tls import sealed
from support.doors import ended, here, told
from support.scripted import Script, Talk, scripted

from clearward.core.errors import Refused, Unavailable
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Destination, Key, Reason, Request
from clearward.egress.tls import Trust
from clearward.publishing.importing.following import STEPS, Following

ASKED = Request("GET", "/rules.zip")
SECRET = "0123456789abcdef" * 3


def sends_on(to: str, status: str = "302 Found") -> Script:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"moved", status, f"Location: {to}")

    return script


def gives(talk: Talk) -> None:
    talk.hear()
    talk.answer(b"rules")


def fetched(
    home: Path,
    own: Destination,
    *others: Destination,
    asked: Request = ASKED,
    roots: str = "",
) -> bytes:
    policy = Policy.of({Reason.IMPORT: [own, *others]})
    door = Door(Ledger(str(home)), policy, Trust(roots))
    return b"".join(Following(door, own, most=1000, seconds=10).fetch(asked))


def test_a_named_server_is_followed_and_each_step_is_told(tmp_path: Path) -> None:
    with scripted(gives) as (second, talks):
        to = f"http://127.0.0.1:{second}/a/b?sig=x%2Fy"
        with scripted(sends_on(to)) as (first, _):
            assert fetched(tmp_path, here(first), here(second)) == b"rules"
    assert talks[0].heads[0].splitlines()[:2] == [
        b"GET /a/b?sig=x%2Fy HTTP/1.1",
        b"Host: 127.0.0.1:%d" % second,
    ]
    records = told(tmp_path)
    assert [
        (one.opened.reason, one.opened.destination, *one.requests) for one in records
    ] == [
        ("import", f"127.0.0.1:{first}", "GET /rules.zip"),
        ("import", f"127.0.0.1:{second}", "GET /a/b?sig=x%2Fy"),
    ]
    assert all(ended(one).sent for one in records)


def test_a_server_that_is_not_named_is_named_in_the_refusal(tmp_path: Path) -> None:
    with scripted(gives) as (second, talks):
        to = f"http://127.0.0.1:{second}/secret?token=1"
        with (
            scripted(sends_on(to)) as (first, _),
            pytest.raises(Refused) as raised,
        ):
            fetched(tmp_path, here(first))
        assert not talks
    assert f"http://127.0.0.1:{second}, which was not named" in str(raised.value)
    assert "token" not in str(raised.value)
    assert len(told(tmp_path)) == 1


def test_what_an_address_was_signed_with_is_in_no_error(tmp_path: Path) -> None:
    def gone(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"", "404 Not Found")

    with scripted(gone) as (second, _):
        to = f"http://127.0.0.1:{second}/a?signature=abc"
        with (
            scripted(sends_on(to)) as (first, _),
            pytest.raises(Refused, match="GET /a: status 404"),
        ):
            fetched(tmp_path, here(first), here(second))


@pytest.mark.parametrize("steps", [STEPS, STEPS + 1])
def test_only_so_many_steps_are_taken(tmp_path: Path, steps: int) -> None:
    with scripted(*[sends_on("/again")] * steps, gives) as (port, talks):
        if steps > STEPS:
            with pytest.raises(Refused, match="more than 3 times"):
                fetched(tmp_path, here(port))
        else:
            assert fetched(tmp_path, here(port)) == b"rules"
        # Each step is a connection and a record of its own.
        assert len(talks) == len(told(tmp_path)) == STEPS + 1


def test_a_name_inside_the_site_is_not_asked(tmp_path: Path) -> None:
    """The ledger has it, since that is written first; the wire sends nothing."""
    with scripted(gives) as (second, talks):
        to = f"http://localhost:{second}/"
        inside = Destination("http", "localhost", second)
        with (
            scripted(sends_on(to)) as (first, _),
            pytest.raises(Refused, match="is not public"),
        ):
            fetched(tmp_path, here(first), inside)
        assert not talks
    assert ended(told(tmp_path)[1]).sent == 0


def test_a_name_is_looked_up_once_and_all_its_addresses_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    known = socket.getaddrinfo
    public = ("93.184.216.34", "127.0.0.1")

    def look(host: str, port: int, **more: int) -> list[object]:
        if host != "rules.example":
            return list(known(host, port, **more))
        looked.append(host)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (one, port)) for one in public]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    named = Destination("http", "rules.example", 80)
    with (
        scripted(sends_on("http://rules.example/")) as (first, _),
        pytest.raises(Refused, match=r"127\.0\.0\.1 is not public"),
    ):
        fetched(tmp_path, here(first), named)
    assert looked == ["rules.example"]


def test_a_name_with_public_addresses_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearward.egress.wire.is_public", lambda _: True)
    with scripted(gives) as (second, _):
        named = Destination("http", "localhost", second)
        with scripted(sends_on(f"http://localhost:{second}/")) as (first, _):
            assert fetched(tmp_path, here(first), named) == b"rules"


def test_what_is_sealed_stays_so(tmp_path: Path) -> None:
    context, roots = sealed(tmp_path)
    home = tmp_path / "home"
    with scripted(gives) as (second, talks):
        to = f"http://127.0.0.1:{second}/"
        with scripted(sends_on(to), tls=context) as (first, _):
            own = here(first, "https")
            with pytest.raises(Refused, match="which is not sealed"):
                fetched(home, own, here(second), roots=roots)
        assert not talks


@pytest.mark.parametrize(
    "location",
    ["", "http://[::1", "gopher:", "//u:p@127.0.0.1/", "/\x80", "/a b", "\\", "http:///",
     "http://127.0.0.1:99999/", "http://a%00b/", "data:,x", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_is_refused(tmp_path: Path, location: str) -> None:
    with (
        scripted(*[sends_on(location)] * (STEPS + 1)) as (port, _),
        pytest.raises((Refused, Unavailable)) as raised,
    ):
        fetched(tmp_path, here(port))
    assert "\n" not in str(raised.value)


def test_a_key_goes_to_its_own_server_alone(tmp_path: Path) -> None:
    context, roots = sealed(tmp_path)
    home = tmp_path / "home"
    asked = Request("GET", "/list", key=Key(SECRET, "Auth-Key"))
    with scripted(gives, tls=context) as (second, others):
        to = f"https://127.0.0.1:{second}/there"
        scripts = (sends_on("/here"), sends_on(to))
        with scripted(*scripts, tls=context) as (first, talks):
            own, other = here(first, "https"), here(second, "https")
            assert fetched(home, own, other, asked=asked, roots=roots) == b"rules"
    carried = f"Auth-Key: {SECRET}".encode()
    assert [carried in talk.heads[0].splitlines() for talk in talks] == [True, True]
    assert SECRET.encode() not in others[0].heads[0]
    assert b"Auth-Key" not in others[0].heads[0]
    assert SECRET.encode() not in b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file()
    )


def test_a_key_does_not_come_back_with_us(tmp_path: Path) -> None:
    """Who has sent us away gets a request as from anybody else."""
    context, roots = sealed(tmp_path)
    asked = Request("GET", "/list", key=Key(SECRET, "Auth-Key"))
    seen: list[bytes] = []

    def away(talk: Talk) -> None:
        seen.append(talk.hear())
        talk.answer(b"", "302 Found", f"Location: https://127.0.0.1:{second}/")

    def last(talk: Talk) -> None:
        seen.append(talk.hear())
        talk.answer(b"rules")

    back = {"port": 0}

    def returning(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"", "302 Found", f"Location: https://127.0.0.1:{back['port']}/x")

    with (
        scripted(returning, tls=context) as (second, _),
        scripted(away, last, tls=context) as (first, _),
    ):
        back["port"] = first
        own, other = here(first, "https"), here(second, "https")
        fetched(tmp_path / "home", own, other, asked=asked, roots=roots)
    assert [SECRET.encode() in head for head in seen] == [True, False]


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(f"/{SECRET}/b", id="as it is"),
        pytest.param(f"/?k={SECRET.upper()}", id="in capitals"),
        pytest.param(f"/{SECRET[0]}%31{SECRET[2:]}", id="written otherwise"),
    ],
)
@pytest.mark.parametrize("to_own", [True, False])
def test_a_server_that_sends_us_on_with_the_key_is_refused(
    tmp_path: Path, target: str, *, to_own: bool
) -> None:
    context, roots = sealed(tmp_path)
    asked = Request("GET", "/{key}/a", key=Key(SECRET))
    home = tmp_path / "home"
    with scripted(gives, tls=context) as (second, talks):
        to = target if to_own else f"https://127.0.0.1:{second}{target}"
        with scripted(sends_on(to), tls=context) as (first, owns):
            own, other = here(first, "https"), here(second, "https")
            with pytest.raises(Refused, match="with the key") as raised:
                fetched(home, own, other, asked=asked, roots=roots)
        assert not talks
    assert owns[0].heads[0].startswith(f"GET /{SECRET}/a ".encode())
    assert SECRET not in str(raised.value).lower()
    (record,) = told(home)
    assert record.requests[0].startswith("GET /{key}/a (withheld: 48 bytes, SHA-256 ")


def test_all_steps_share_the_time(tmp_path: Path) -> None:
    now = [0.0]

    def slow(talk: Talk) -> None:
        talk.hear()
        now[0] += 6
        talk.answer(b"", "302 Found", "Location: /again")

    with scripted(slow, slow, gives) as (port, talks):
        policy = Policy.of({Reason.IMPORT: [here(port)]})
        door = Door(Ledger(str(tmp_path)), policy, clock=lambda: now[0])
        with pytest.raises(Unavailable, match="too slow"):
            b"".join(Following(door, here(port), 1000, 10).fetch(ASKED))
        assert len(talks) == 2
