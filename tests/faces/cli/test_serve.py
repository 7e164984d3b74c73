"""`clearward serve` as an administrator meets it."""

import json
import signal
import socket
from pathlib import Path

import pytest
from support.command import clearward
from support.marks import EICAR
from support.served import ask, instream, served

RULE = 'rule {name} {{ strings: $a = "marker" condition: $a }}\n'


def http(place: str | tuple[str, int], path: str) -> bytes:
    """The answer to a request."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return ask(place, head.encode())


def test_every_face_answers_where_the_ready_line_says(tmp_path: Path) -> None:
    path = tmp_path / "s"
    tcp = "tcp:127.0.0.1:0"
    options = ("--clamd", f"unix:{path}", "--clamd", tcp, "--icap", tcp, "--http", tcp)
    with served(tmp_path, *options) as server:
        assert server.addresses[0] == f"clamd=unix:{path}"
        assert ask(server.place("clamd"), b"zPING\0") == b"PONG\0"
        found = ask(server.place("clamd"), instream(EICAR))
        assert found == b"stream: Eicar-Test-File FOUND\0"
        icap = b"OPTIONS icap://h/scan ICAP/1.0\r\nHost: h\r\nConnection: close\r\n\r\n"
        assert ask(server.place("icap"), icap).startswith(b"ICAP/1.0 200 ")
        assert http(server.place("http"), "/readyz").startswith(b"HTTP/1.1 200 ")
        server.signal(signal.SIGTERM)
        assert server.ends() == 0
        assert not path.exists()


def test_a_hang_up_loads_the_rules_anew(tmp_path: Path) -> None:
    rules = tmp_path / "mine.yar"
    rules.write_text(RULE.format(name="before"))
    options = ("--clamd", f"unix:{tmp_path}/s", "--rules", str(rules))
    with served(tmp_path, *options) as server:
        marked = instream(b"a marker")
        assert b"before" in ask(server.place("clamd"), marked)
        rules.write_text(RULE.format(name="after_"))
        server.signal(signal.SIGHUP)
        server.says("rules loaded")
        assert b"after_" in ask(server.place("clamd"), marked)


def test_who_asks_too_often_by_http_is_told_to_wait(tmp_path: Path) -> None:
    options = ("--http", "tcp:127.0.0.1:0", "--http-rate", "0.5")
    with served(tmp_path, *options) as server:
        told = [http(server.place("http"), "/v1/rules")[9:12] for _ in range(3)]
        assert told[0] == b"200"
        assert b"429" in told


def test_a_client_can_end_it_as_clamds_can(tmp_path: Path) -> None:
    with served(tmp_path, "--clamd", f"unix:{tmp_path}/s") as server:
        ask(server.place("clamd"), b"zSHUTDOWN\0")
        assert server.ends() == 0


def test_it_sums_up_at_the_end(tmp_path: Path) -> None:
    with served(tmp_path, "--clamd", f"unix:{tmp_path}/s", "--json") as server:
        ask(server.place("clamd"), instream(EICAR))
        ask(server.place("clamd"), instream(b"nothing"))
        server.signal(signal.SIGINT)
        assert server.ends() == 0
        summary = json.loads(server.output())["summary"]
        assert (summary["clean"], summary["found"], summary["unscanned"]) == (1, 1, 0)


def test_a_clamd_conf_is_a_face(tmp_path: Path) -> None:
    database = tmp_path / "db"
    database.mkdir()
    (database / "mine.ndb").write_text("Marker.One:0:*:6d61726b6572\n")
    conf = tmp_path / "clamd.conf"
    conf.write_text(
        f"LocalSocket {tmp_path}/s\nDatabaseDirectory {database}\nFoo bar\n"
    )
    with served(tmp_path, "--clamd-conf", str(conf)) as server:
        marked = ask(server.place("clamd"), instream(b"a marker"))
        assert marked == b"stream: Marker.One.UNOFFICIAL FOUND\0"
        assert ask(server.place("clamd"), instream(EICAR)) == b"stream: OK\0"
        assert "ignored: Foo" in server.log.read_text()


def test_a_socket_of_the_service_manager_is_taken_over(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        one.listen()
        named = {"LISTEN_FDS": "1", "LISTEN_FDNAMES": "clamd"}
        with served(tmp_path, environment=named, passed=one) as server:
            assert server.addresses == (f"clamd=unix:{tmp_path}/s",)
            assert ask(server.place("clamd"), b"zPING\0") == b"PONG\0"


def test_the_log_does_not_hold_what_was_scanned(tmp_path: Path) -> None:
    with served(tmp_path, "--clamd", f"unix:{tmp_path}/s") as server:
        ask(server.place("clamd"), instream(b"a secret of mine" + EICAR))
        ask(server.place("clamd"), instream(EICAR))
        server.says("Eicar-Test-File")
        assert "secret" not in server.log.read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing to serve"),
        (("--clamd", "tcp:0.0.0.0:0"), "--allow-from CIDR"),
        (("--icap", "tcp:0.0.0.0:0"), "--allow-from CIDR"),
        (("--http", "tcp:0.0.0.0:0"), "--token-file and --tls-cert"),
        (("--http", "tcp:[::]:0", "--token-file", "x"), "that needs --tls-cert"),
        (("--http", "tcp:127.0.0.1:0", "--tls-cert", "x"), "belong together"),
        (("--clamd", "here"), "is not an address"),
        (("--clamd", "unix:/x", "--allow-from", "all"), "is not a network"),
        (("--clamd-conf", "/missing"), "/missing: cannot be read"),
        (("--clamd", "unix:/missing/s"), "cannot be listened on"),
        (("--clamd", "tcp:127.0.0.1:0", "--rules", "/missing"), "/missing"),
        (("--http", "tcp:127.0.0.1:0", "--unscanned", "x"), "result or error"),
    ],
)
def test_what_cannot_be_served_is_one_clear_line(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ran = clearward(
        "serve", *options, environment={"CLEARWARD_HOME": str(tmp_path / "home")}
    )
    lines = ran.err.decode().splitlines()
    assert ran.status == 2
    assert said in lines[-1]
    assert not any("Traceback" in line for line in lines)


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    ran = clearward(
        "serve",
        "--clamd",
        f"unix:{tmp_path}/s",
        environment={"CLEARWARD_HOME": str(home)},
    )
    assert ran.status == 2
    assert b"cannot be written" in ran.err
    assert not (tmp_path / "s").exists()


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    path = Path(pytest.__file__)  # which nobody has changed lately
    with served(tmp_path, "--clamd", f"unix:{tmp_path}/s") as server:
        for _ in range(2):
            said = ask(server.place("clamd"), b"zSCAN %b\0" % bytes(path))
            assert said == b"%b: OK\0" % bytes(path)
        server.signal(signal.SIGTERM)
        assert server.ends() == 0
    again = clearward(
        "scan", "--json", path, environment={"CLEARWARD_HOME": str(tmp_path / "home")}
    )
    assert again.summary["cached"] == 1
