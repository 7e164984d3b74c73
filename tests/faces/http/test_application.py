"""Tests of clearward.faces.http.application: paths and methods."""

from collections.abc import Iterator

import pytest
from faces.http.fake import Running, running

from clearward.faces.http import description


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as one:
        yield one


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/scan/",
        "/api/v3.2/version",
        "/api/v3.0/",
        "/api/v3x0/version",
        "/%2e%2e/etc/passwd",
        "/%ff%00",
        "/v1/scan%2f",
        "//readyz",
        "/docs",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_404_in_json(
    server: Running, method: str, path: str
) -> None:
    said = server.ask(method, path)
    assert said.status == 404
    assert said.json == {
        "error": "not-found",
        "detail": "there is nothing at this path",
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_405_and_says_which_is_right(
    server: Running, method: str
) -> None:
    for path, known in description.document()["paths"].items():
        if method.lower() in known:
            continue
        said = server.ask(method, path, b"" if method == "POST" else None)
        assert said.status == 405, path
        assert said.json["error"] == "method-not-allowed"
        allowed = {each.strip() for each in said.headers["allow"].split(",")}
        assert {each.upper() for each in known} <= allowed


def test_every_answer_has_the_headers_that_keep_browsers_from_guessing(
    server: Running,
) -> None:
    for path in ("/readyz", "/metrics", "/nothing", "/openapi.json", "/v1/scan"):
        headers = server.ask("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["date"].endswith(" GMT")
        assert "server" not in headers
        assert "text/html" not in headers["content-type"]


def test_a_head_is_a_get_without_a_body(server: Running) -> None:
    said = server.ask("HEAD", "/readyz")
    assert (said.status, said.body) == (200, b"")
    assert int(said.headers["content-length"]) > 0
