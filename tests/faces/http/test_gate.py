"""Tests of clearward.faces.http.gate: tokens, scopes and rates over a socket."""

import hashlib
import io
from collections.abc import Iterator, Mapping

import pytest
from faces.http.fake import Running, memory, running
from starlette.requests import Request

from clearward.faces.http.answers import Rejected
from clearward.faces.http.gate import Gate
from clearward.faces.http.rate import Rate
from clearward.faces.http.settings import HttpSettings
from clearward.faces.http.tokens import ALL_SCOPES, Scope, Token, Tokens
from clearward.service.logs import Log, logger

ASKED = {
    Scope.SCAN: [
        ("POST", "/v1/scan"),
        ("POST", "/api/v3.0/scanmemory"),
        ("POST", "/api/v3.1/checkurl"),
    ],
    Scope.FILES: [("POST", "/api/v3.0/scanfile"), ("POST", "/api/v3.1/scanfile")],
    Scope.READ: [
        ("GET", "/v1/rules"),
        ("GET", "/api/v3.0/version"),
        ("GET", "/api/v3.0/basesdate"),
        ("GET", "/api/v3.0/licenseinfo"),
        ("GET", "/api/v3.0/getstatistics"),
    ],
    Scope.METRICS: [("GET", "/metrics")],
    Scope.ADMIN: [("POST", "/v1/reload")],
}


def token(name: str, *scopes: Scope) -> Token:
    return Token(name, frozenset(scopes), hashlib.sha256(name.encode()).hexdigest())


TOKENS = Tokens(tuple(token(scope.value, scope) for scope in Scope))


@pytest.fixture
def server() -> Iterator[Running]:
    with running(HttpSettings(tokens=TOKENS)) as one:
        yield one


def bearer(name: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {name}"}


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_what_its_scope_says_and_nothing_else(
    server: Running, scope: Scope
) -> None:
    for wanted, requests in ASKED.items():
        for method, path in requests:
            body = b"x" if method == "POST" else None
            said = server.ask(method, path, body, bearer(scope.value))
            refused = said.status == 403 and "no scope" in said.json["detail"]
            assert refused == (wanted is not scope), (path, said)


def test_without_a_token_nothing_is_told(server: Running) -> None:
    for requests in ASKED.values():
        for method, path in requests:
            said = server.ask(method, path, b"x" if method == "POST" else None)
            assert said.status == 401
            assert said.headers["www-authenticate"].startswith("Bearer ")
            assert said.json["error"] == "unauthorized"
    assert server.desk.taken == 0


@pytest.mark.parametrize("path", ["/readyz", "/v1/health", "/openapi.json"])
def test_what_tells_little_needs_no_token(server: Running, path: str) -> None:
    assert server.ask("GET", path).status == 200


def test_a_token_is_a_tenant(server: Running) -> None:
    assert server.ask("POST", "/v1/scan", b"x", bearer("scan")).status == 200
    assert server.desk.tenants == ["token:scan"]


def test_kaspersky_s_clients_may_leave_the_scheme_away(server: Running) -> None:
    header = {"Authorization": "scan"}
    said = server.ask("POST", "/api/v3.0/scanmemory", b'{"object":""}', header)
    assert said.status == 200


def test_guessing_is_slowed_down_and_does_not_lock_out_who_asks_without(
    server: Running,
) -> None:
    for _ in range(20):
        assert server.ask("GET", "/v1/rules").status == 401
    for _ in range(10):
        assert server.ask("GET", "/v1/rules", None, bearer("wrong")).status == 401
    said = server.ask("GET", "/v1/rules", None, bearer("wrong"))
    assert (said.status, said.json["error"]) == (429, "too-often")
    assert int(said.headers["retry-after"]) >= 1


def test_without_a_token_file_the_loopback_is_open() -> None:
    with running() as server:
        assert server.post("/api/v3.0/scanmemory", memory(b"x")).status == 200
        assert server.ask("GET", "/metrics").status == 200
        assert server.desk.tenants == ["ip:127.0.0.1"]


def test_requests_beyond_the_rate_are_429() -> None:
    settings = HttpSettings(rate=Rate(per_second=0.01, burst=3))
    with running(settings) as server:
        said = [server.ask("POST", "/v1/scan", b"x").status for _ in range(5)]
    assert said == [200, 200, 200, 429, 429]


def quiet() -> Log:
    return logger(io.StringIO(), {})


def request(host: str) -> Request:
    scope = {"type": "http", "headers": [], "client": (host, 1)}
    return Request(scope)


def test_without_a_token_file_strangers_are_refused() -> None:
    gate = Gate(HttpSettings(), lambda peer: peer == "192.0.2.1", quiet())
    assert gate.admit(request("192.0.2.1"), Scope.SCAN).tenant == "ip:192.0.2.1"
    assert gate.admit(request("uid:33"), Scope.SCAN).tenant == "uid:33"
    with pytest.raises(Rejected) as caught:
        gate.admit(request("192.0.2.2"), Scope.SCAN)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
)
def test_a_page_in_a_browser_may_not_ask_without_a_token(
    header: dict[str, str], status: int
) -> None:
    with running() as server:
        assert server.ask("POST", "/v1/scan", b"x", header).status == status
        assert server.ask("GET", "/v1/rules", None, header).status == status


def test_a_page_that_has_a_token_may_ask(server: Running) -> None:
    header = {**bearer("scan"), "Origin": "https://upload.example"}
    assert server.ask("POST", "/v1/scan", b"x", header).status == 200


def test_each_token_has_a_rate_of_its_own() -> None:
    tokens = Tokens((token("a", *ALL_SCOPES), token("b", *ALL_SCOPES)))
    settings = HttpSettings(tokens=tokens, rate=Rate(per_second=0.01, burst=1))
    with running(settings) as server:
        said = [
            server.ask("GET", "/v1/rules", None, bearer(name)).status for name in "abab"
        ]
    assert said == [200, 200, 429, 429]
