"""Nextcloud, Rspamd and the REST interface, as they answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_web import Answer, Came, serving
from support.marks import EICAR

from clearward.core.errors import Refused
from clearward.faces.selftest import rest, rspamd
from clearward.faces.selftest.chain import Fate, NotAble, Outcome, tried
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.nextcloud import nextcloud
from clearward.faces.selftest.requests import address, basic
from clearward.faces.selftest.rspamd import Rspamd


def cloud(on_bad: int) -> tuple[Outcome, list[Came]]:
    """Try a Nextcloud that answers the upload of the test file with a status."""

    def answer(came: Came) -> tuple[int, bytes]:
        if came.method == "DELETE":
            return 204, b""
        return (on_bad if EICAR in came.body else 201), b""

    with serving(answer) as (port, came):
        chain = nextcloud(f"http://127.0.0.1:{port}/sub", "ann e", "secret")
        return tried(chain).outcome, came


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (403, Outcome.BLOCKED),
        (415, Outcome.BLOCKED),
        (201, Outcome.NOT_BLOCKED),
        (204, Outcome.NOT_BLOCKED),
        (401, Outcome.NOT_ABLE),
        (423, Outcome.NOT_ABLE),
        (500, Outcome.NOT_ABLE),
        (302, Outcome.NOT_ABLE),
    ],
)
def test_nextcloud_refuses_or_takes(status: int, outcome: Outcome) -> None:
    assert cloud(status)[0] is outcome


def test_nextcloud_is_left_as_it_was() -> None:
    _, came = cloud(201)
    methods = [(each.method, each.target) for each in came]
    for (put, path), (delete, same) in zip(methods[::2], methods[1::2], strict=True):
        assert (put, delete, path) == ("PUT", "DELETE", same)
        assert path.startswith("/sub/remote.php/dav/files/ann%20e/clearward-selftest-")
    assert came[0].headers["Authorization"] == basic("ann e", "secret")["Authorization"]


def test_a_password_does_not_leave_the_machine_unencrypted() -> None:
    with pytest.raises(Refused, match="unencrypted"):
        nextcloud("http://cloud.example/", "a", "secret")
    with pytest.raises(Refused, match="unencrypted"):
        rest.rest("http://scan.example/", "secret")


def mail_server(bad: str, good: str = "no action") -> Answer:
    def answer(came: Came) -> tuple[int, bytes]:
        action = bad if EICAR in came.body else good
        symbols = {"CLAM_VIRUS": 1} if EICAR in came.body else {"GOOD": 1}
        return 200, json.dumps({"action": action, "symbols": symbols}).encode()

    return answer


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("reject", Outcome.BLOCKED),
        ("discard", Outcome.BLOCKED),
        ("add header", Outcome.NOT_BLOCKED),
        ("no action", Outcome.NOT_BLOCKED),
        ("soft reject", Outcome.NOT_ABLE),
    ],
)
def test_only_the_action_of_rspamd_counts(action: str, outcome: Outcome) -> None:
    with serving(mail_server(action)) as (port, came):
        found = tried(Rspamd(Place("127.0.0.1", port)))
    assert found.outcome is outcome
    assert came[0].target == "/checkv2"
    assert "symbols: CLAM_VIRUS" in found.seen["eicar"].said


def test_an_rspamd_that_rejects_everything_proves_nothing() -> None:
    with serving(mail_server("reject", "reject")) as (port, _):
        assert tried(Rspamd(Place("127.0.0.1", port))).outcome is Outcome.NOT_ABLE


@pytest.mark.parametrize(
    ("said", "fate"),
    [("found", Fate.BLOCKED), ("clean", Fate.PASSED), ("unscanned", Fate.UNCLEAR)],
)
def test_the_outcome_of_the_interface_counts(said: str, fate: Fate) -> None:
    body = json.dumps({"outcome": said}).encode()
    with serving(lambda _: (200, body)) as (port, came):
        chain = rest.rest(f"http://127.0.0.1:{port}", "tok")
        assert tried(chain).seen["eicar"].fate is fate
    assert came[0].target == "/v1/scan"
    assert came[0].headers["Authorization"] == "Bearer tok"


@pytest.mark.parametrize("status", [401, 413, 503])
def test_another_status_is_not_able(status: int) -> None:
    with serving(lambda _: (status, b"{}")) as (port, _):
        where = Place("127.0.0.1", port)
        assert tried(Rspamd(where)).outcome is Outcome.NOT_ABLE
        chain = rest.Rest(address(f"http://127.0.0.1:{port}"))
        assert tried(chain).outcome is Outcome.NOT_ABLE


JSON = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_answer_is_read_or_refused(body: bytes) -> None:
    for judged in (rspamd.judged, rest.judged):
        try:
            judged(body)
        except NotAble:
            continue
