"""The PIN of a token comes from a file, the environment or a terminal."""

import sys
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.faces.cli import publish_pins
from clearward.faces.cli.publish_pins import Pins
from clearward.publishing.token_address import TokenAddress

ONE = TokenAddress("one", "/m.so")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEARWARD_PIN", raising=False)


@pytest.mark.parametrize("text", ["4711", "4711\n", "4711\r\nmore\n"])
def test_the_first_line_of_a_file_is_the_pin(tmp_path: Path, text: str) -> None:
    (tmp_path / "pin").write_bytes(text.encode())
    address = TokenAddress("one", "/m.so", pin_file=str(tmp_path / "pin"))
    assert Pins().of(address) == "4711"


@pytest.mark.parametrize("data", [b"", b"\n4711", b"\xff", b"1" * 300])
def test_a_file_without_a_pin_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pin").write_bytes(data)
    address = TokenAddress("one", "/m.so", pin_file=str(tmp_path / "pin"))
    with pytest.raises(Refused, match="pin: no PIN"):
        Pins().of(address)


def test_the_environment_has_the_pin_of_one_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLEARWARD_PIN", "4711")
    pins = Pins()
    assert pins.of(ONE) == "4711"
    with pytest.raises(Refused, match="CLEARWARD_PIN is the PIN of the token one"):
        pins.of(TokenAddress("two", "/m.so"))


def test_a_person_is_asked_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def typed(question: str, _stream: object) -> str:
        asked.append(question)
        return "4711"

    monkeypatch.setattr(publish_pins, "getpass", typed)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(Refused, match="token one: no PIN"):
        Pins().of(ONE)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert Pins().of(ONE) == "4711"
    assert asked == ["PIN of the token one: "]
