"""Tests of clearward.faces.http.standing."""

import asyncio

import pytest
from faces.http.fake import FakeDesk, running, service
from starlette.requests import Request
from support.marks import EICAR

from clearward import __version__
from clearward.faces.http.answers import Rejected
from clearward.faces.http.folders import Folders
from clearward.faces.http.gate import Gate
from clearward.faces.http.office import Office
from clearward.faces.http.settings import HttpSettings
from clearward.faces.http.standing import Standing


def test_ready_tells_the_age_of_the_rules() -> None:
    with running(desk=FakeDesk(age=3600.0)) as server:
        said = server.ask("GET", "/readyz")
    assert said.status == 200
    assert said.json["ready"] is True
    assert said.json["rules"] == 7
    assert 3600 <= said.json["age"] < 3660
    assert 0 <= said.json["loaded_age"] < 60


def test_as_long_as_no_rules_are_loaded_it_is_not_ready() -> None:
    with running(desk=FakeDesk(ready=False)) as server:
        said = server.ask("GET", "/readyz")
        assert (said.status, said.json["error"]) == (503, "not-ready")
        assert server.ask("GET", "/v1/health").status == 200


def test_a_server_that_ends_is_not_ready() -> None:
    whole, settings = service(FakeDesk()), HttpSettings()
    gate = Gate(settings, whole.allowed, whole.log)
    office = Office(whole, settings, gate, Folders(()), lambda: True)
    request = Request({"type": "http", "headers": []})
    with pytest.raises(Rejected) as caught:
        asyncio.run(Standing(office).ready(request))
    assert (caught.value.status, caught.value.code) == (503, "stopping")
    health = asyncio.run(Standing(office).health(request))
    assert b"stopping" in bytes(health.body)


def test_health_names_the_version() -> None:
    with running() as server:
        said = server.ask("GET", "/v1/health").json
    assert said == {"status": "ok", "version": __version__}


def test_figures_count_and_name_no_file() -> None:
    with running() as server:
        assert server.ask("POST", "/v1/scan?name=secret.doc", EICAR).status == 200
        assert server.ask("POST", "/v1/scan?timeout=x", b"x").status == 400
        said = server.ask("GET", "/metrics")
    text = said.body.decode()
    assert said.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'clearward_objects_total{face="http",outcome="found"} 1.0' in text
    assert 'clearward_refused_total{face="http"} 1.0' in text
    assert 'clearward_connections{face="http"} 1.0' in text
    assert "secret" not in text
