"""Tests of clearward.faces.http.server: TLS, unix sockets, and the end."""

import http.client
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from faces.http.fake import FakeDesk, running, service, until

from clearward.core.errors import Refused
from clearward.faces.http.server import HttpServer
from clearward.faces.http.settings import HttpSettings, Tls


def certificate(folder: Path, password: bytes = b"") -> Tls:
    """Make a certificate for the loopback that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    kept: KeySerializationEncryption = NoEncryption()
    if password:
        kept = BestAvailableEncryption(password)
    tls = Tls(str(folder / "cert.pem"), str(folder / "key.pem"))
    Path(tls.certificate).write_bytes(made.public_bytes(Encoding.PEM))
    Path(tls.key).write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept)
    )
    return tls


def test_tls_is_spoken_and_nothing_else(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=tls.certificate)
    with running(HttpSettings(tls=tls)) as server:
        client = http.client.HTTPSConnection(
            "127.0.0.1", server.port, timeout=10, context=trust
        )
        client.request("POST", "/v1/scan", b"x" * 500_000)
        answer = client.getresponse()
        assert (answer.status, b"clean" in answer.read()) == (200, True)
        client.close()
        with pytest.raises((http.client.HTTPException, OSError)):
            server.ask("GET", "/v1/health")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    old = ssl.create_default_context(cafile=tls.certificate)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        running(HttpSettings(tls=tls)) as server,
        server.connect() as plain,
        pytest.raises(OSError, match=r"(?i)ssl|tls|reset"),
    ):
        old.wrap_socket(plain, server_hostname="127.0.0.1")


def broken(tls: Tls, tmp_path: Path) -> list[Tls]:
    (tmp_path / "garbage").write_text("no certificate")
    garbage, missing = str(tmp_path / "garbage"), str(tmp_path / "missing")
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other")
    (tmp_path / "locked").mkdir()
    return [
        Tls(garbage, tls.key),
        Tls(tls.certificate, garbage),
        Tls(missing, tls.key),
        Tls(tls.certificate, missing),
        Tls(tls.certificate, other.key),
        certificate(tmp_path / "locked", b"a password"),
    ]


def test_a_certificate_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    for tls in broken(certificate(tmp_path), tmp_path):
        with pytest.raises(Refused) as caught:
            HttpServer(service(FakeDesk()), HttpSettings(tls=tls))
        said = str(caught.value)
        assert tls.certificate in said
        assert tls.key in said
        assert "\n" not in said
        assert len(said) < 500


def test_bad_input_writes_no_lines_of_others_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    with running() as server:
        assert server.ask("POST", "/v1/scan", b"no parts", kind).status == 400
        with server.connect() as client:
            client.sendall(b"nonsense\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []


def test_a_unix_socket_is_served_and_its_peer_is_a_user(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    with running(family=path) as server:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.settimeout(10)
            client.sendall(
                b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
            )
            assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert server.desk.tenants[0].startswith("uid:")


def test_who_waits_when_the_server_ends_gets_an_answer_within_the_grace() -> None:
    desk = FakeDesk(hold=True)
    with running(desk=desk) as server:
        said: list[int] = []
        asking = threading.Thread(
            target=lambda: said.append(server.ask("POST", "/v1/scan", b"x").status)
        )
        asking.start()
        until(lambda: desk.taken == 1)
        closing = threading.Thread(target=server.close, args=(10.0,))
        closing.start()
        until(lambda: _refuses(server.port))
        desk.hold = False
        asking.join(10)
        closing.join(10)
        assert said == [200]


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    except ConnectionRefusedError:
        return True
    return False


def test_who_waits_longer_than_the_grace_is_cut() -> None:
    desk = FakeDesk(hold=True)
    with running(desk=desk) as server, server.connect() as client:
        idle = server.connect()
        client.sendall(
            b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
        )
        until(lambda: desk.taken == 1)
        server.close(0.05)
        assert desk.cancelled == 1
        for each in (client, idle):
            assert _ends(each)
        idle.close()


def _ends(client: socket.socket) -> bool:
    try:
        while client.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True
