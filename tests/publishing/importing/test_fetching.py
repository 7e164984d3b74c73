"""Behaviour of fetching public sources, from a server on the loopback."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path

import pytest
from support.fake_web import Came, serving

from clearward.core.errors import Refused, Unavailable
from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger
from clearward.publishing.importing.fetching import Fetching
from clearward.publishing.importing.listed import Listed

TODAY = date(2026, 11, 24)
LIST = b"a" * 64 + b"\n"


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
