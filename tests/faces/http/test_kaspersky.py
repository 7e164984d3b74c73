"""Tests of clearward.faces.http.kaspersky: the contract, one case after another."""

import base64
import http.client
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from faces.http.fake import (
    LIMIT,
    FakeDesk,
    Running,
    encrypted_zip,
    memory,
    running,
    until,
)
from support.marks import EICAR

from clearward.core.reasons import Reason
from clearward.faces.http.settings import ERROR, HttpSettings

MEMORY = "/api/v3.0/scanmemory"
FILE = "/api/v3.0/scanfile"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as one:
        yield one


@pytest.mark.parametrize("version", ["v3.0", "v3.1"])
@pytest.mark.parametrize(
    ("content", "result", "name"),
    [
        (b"harmless", "CLEAN", ""),
        (b"", "CLEAN", ""),
        (EICAR, "DETECT", "Eicar-Test"),
        (encrypted_zip(), "NON_SCANNED (PASSWORD PROTECTED)", ""),
    ],
)
def test_memory_is_scanned(
    server: Running, version: str, content: bytes, result: str, name: str
) -> None:
    document = memory(content, timeout="60000", name="x")
    said = server.post(f"/api/{version}/scanmemory", document)
    assert said.status == 200
    assert said.json == {
        "object": "memory",
        "name": "x",
        "scanResult": result,
        "detectionName": name,
        "subObjectsScanResults": [],
    }


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("60000", 60.0), (500, 0.5), (0, None), (None, None)]
)
def test_the_timeout_becomes_a_deadline(
    server: Running, timeout: object, seconds: float | None
) -> None:
    assert server.post(MEMORY, memory(b"x", timeout=timeout)).status == 200
    assert server.desk.seconds[-1] == seconds


def test_the_type_that_the_client_names_does_not_matter(server: Running) -> None:
    kind = {"Content-Type": "application/octet-stream"}
    said = server.ask("POST", MEMORY, json.dumps(memory(EICAR)), kind)
    assert said.json["scanResult"] == "DETECT"


def test_base64_may_be_escaped_as_php_and_net_do(server: Running) -> None:
    content = bytes(range(256)) * 40 + EICAR
    text = base64.b64encode(content).decode()
    escaped = text.replace("/", "\\/").replace("+", "\\u002B")
    said = server.ask("POST", MEMORY, f'{{"object":"{escaped}"}}')
    assert said.json["scanResult"] == "DETECT"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"object": 5}',
        b'{"object": "!!!!"}',
        b'{"object": "YQ"}',
        b'{"object": "YQ==", "timeout": "soon"}',
        b'{"object": "YQ==", "timeout": -1}',
        b'\xff\xfe{"object": "YQ=="}',
    ],
)
def test_bad_json_and_bad_base64_are_400(server: Running, body: bytes) -> None:
    taken = server.desk.taken
    said = server.ask("POST", MEMORY, body)
    assert said.status == 400
    assert said.json["error"] == "malformed"
    assert server.desk.taken == taken


def test_an_object_of_the_limit_is_taken_and_one_more_byte_is_413(
    server: Running,
) -> None:
    assert server.post(MEMORY, memory(bytes(LIMIT))).status == 200
    said = server.post(MEMORY, memory(bytes(LIMIT + 1)))
    assert said.status == 413
    assert said.json["error"] == "too-large"


@pytest.mark.parametrize("size", [3 * LIMIT, 8 * LIMIT])
@pytest.mark.parametrize("chunked", [True, False])
def test_413_reaches_a_client_that_sends_everything_before_it_reads(
    server: Running, size: int, *, chunked: bool
) -> None:
    """Several times, since a reset loses the answer only sometimes."""
    body = json.dumps(memory(bytes(size))).encode()
    for _ in range(6):
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        client.request("POST", MEMORY, iter([body]) if chunked else body)
        answer = client.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["error"] == "too-large"
        client.close()


def test_413_is_sent_before_the_body_is_there(server: Running) -> None:
    with server.connect() as client:
        head = f"POST {MEMORY} HTTP/1.1\r\nHost: x\r\nContent-Length: {9 * LIMIT}\r\n"
        client.sendall(head.encode() + b"\r\n{")
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("reason", "result"),
    [
        (Reason.CORRUPT, "NON_SCANNED (CORRUPTED)"),
        (Reason.TIME_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.ENCRYPTED, "NON_SCANNED (PASSWORD PROTECTED)"),
    ],
)
@pytest.mark.parametrize("unscanned", ["result", ERROR])
def test_what_was_not_scanned_has_its_word_or_is_an_error_if_that_is_set(
    reason: Reason, result: str, unscanned: str
) -> None:
    with running(HttpSettings(unscanned=unscanned), FakeDesk(reason)) as server:
        said = server.post(MEMORY, memory(b"x"))
    assert said.status == (503 if unscanned == ERROR else 200)
    assert said.json["scanResult"] == result
    assert ("error" in said.json) == (unscanned == ERROR)


def test_what_nobody_could_look_at_is_503() -> None:
    with running(desk=FakeDesk(Reason.WORKER_DIED)) as server:
        said = server.post(MEMORY, memory(b"x"))
    assert said.status == 503
    assert said.json["error"] == "not-scanned"
    assert said.json["scanResult"] == "SERVER_ERROR"


def test_a_full_desk_is_503_with_a_time_to_come_back() -> None:
    with running(desk=FakeDesk(full=True)) as server:
        said = server.post(MEMORY, memory(b"x"))
    assert (said.status, said.json["error"]) == (503, "busy")
    assert said.headers["retry-after"] == "1"


def test_files_are_403_as_long_as_no_folder_is_named(
    server: Running, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    said = server.post(FILE, {"object": str(tmp_path / "file")})
    assert (said.status, said.json["error"]) == (403, "forbidden")


def test_files_are_scanned_in_the_folders_that_are_named(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "bad").write_bytes(EICAR)
    (inside / "gr\u00fc\u00df \U0001f600").write_bytes(b"harmless")
    (inside / "large").write_bytes(bytes(LIMIT + 1))
    (tmp_path / "outside").write_bytes(b"x")
    (inside / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(inside / "fifo")
    with running(HttpSettings(files=(str(inside),))) as server:
        for name, status, result in (
            ("bad", 200, "DETECT"),
            ("gr\u00fc\u00df \U0001f600", 200, "CLEAN"),
            ("missing", 404, ""),
            ("large", 413, ""),
            ("link", 403, ""),
            ("fifo", 403, ""),
            ("../outside", 403, ""),
            ("../inside/bad", 403, ""),
        ):
            path = f"{inside}/{name}"
            said = server.post("/api/v3.1/scanfile", {"object": path, "timeout": 9})
            assert said.status == status, name
            if result:
                assert said.json["scanResult"] == result
                assert said.json["object"] == path


@pytest.mark.parametrize("path", ["", "file", "/etc/passwd", "/a\0b", "\ud800"])
def test_paths_that_lead_nowhere_are_refused(tmp_path: Path, path: str) -> None:
    with running(HttpSettings(files=(str(tmp_path),))) as server:
        assert server.post(FILE, {"object": path}).status in (400, 403)


def test_addresses_of_pages_are_clearly_not_offered(server: Running) -> None:
    said = server.post("/api/v3.0/checkurl", {"url": "http://example.com"})
    assert (said.status, said.json["error"]) == (501, "not-offered")


@pytest.mark.parametrize("version", ["v3.0", "v3.1"])
def test_what_a_client_asks_about_the_product_is_json(
    server: Running, version: str
) -> None:
    assert server.post(MEMORY, memory(EICAR)).status == 200
    said = server.ask("GET", f"/api/{version}/version").json
    assert said["KAVSDKVersion"].startswith("clearward ")
    said = server.ask("GET", f"/api/{version}/basesdate").json
    assert said["databaseVersion"].endswith(" GMT")
    assert server.ask("GET", f"/api/{version}/licenseinfo").json["licenseName"]
    counts = server.ask("GET", f"/api/{version}/getstatistics").json["statistics"]
    assert counts["infected_requests"] >= 1
    assert counts["infected_data"] >= len(EICAR)
    assert counts["total_requests"] >= counts["infected_requests"]


def test_who_leaves_while_the_object_is_judged_gives_the_worker_back(
    server: Running,
) -> None:
    body = json.dumps(memory(b"x")).encode()
    head = f"POST {MEMORY} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    taken, cancelled = server.desk.taken, server.desk.cancelled
    server.desk.hold = True
    try:
        with server.connect() as client:
            client.sendall(head.encode() + body)
            until(lambda: server.desk.taken > taken)
        assert until(lambda: server.desk.cancelled > cancelled) < 0.1
    finally:
        server.desk.hold = False


def nextcloud(server: Running, content: bytes) -> tuple[int, str]:
    """Ask as Nextcloud's client does: the length is known, the body comes in pieces.

    Source: nextcloud/files_antivirus, lib/Scanner/ExternalKaspersky.php, its wire form.
    """
    text = base64.b64encode(content)
    length = len(b'{"object":"') + len(text) + len(b'"}')
    head = (
        f"POST {MEMORY} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
    with server.connect() as client:
        client.sendall(head.encode() + b'{"object":"')
        for start in range(0, len(text), 4096):
            client.sendall(text[start : start + 4096])
        client.sendall(b'"}')
        return _answer(client)


def _answer(client: socket.socket) -> tuple[int, str]:
    answer = http.client.HTTPResponse(client)
    answer.begin()
    return answer.status, json.loads(answer.read()).get("scanResult", "")


def test_nextcloud_gets_its_four_outcomes(server: Running) -> None:
    assert nextcloud(server, bytes(70_000)) == (200, "CLEAN")
    status, result = nextcloud(server, EICAR)
    assert status == 200
    assert not result.startswith(("CLEAN", "NON_SCANNED"))
    encrypted = nextcloud(server, encrypted_zip())
    assert encrypted == (200, "NON_SCANNED (PASSWORD PROTECTED)")
    with running(desk=FakeDesk(full=True)) as unable:
        assert nextcloud(unable, b"x")[0] > 299
