"""Reading clamd.conf."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.core.limits import MIB, Limits
from clearward.faces.clamd.conf import ClamdConf, parse_conf, read_conf
from clearward.faces.clamd.settings import ClamdSettings
from clearward.service.listening import Address


def conf(text: str) -> ClamdConf:
    return parse_conf(text, Limits())


def test_an_empty_file_asks_for_nothing() -> None:
    assert conf("# nothing\n\n") == ClamdConf()
    assert ClamdConf().warning == ""


def test_addresses() -> None:
    found = conf(
        "LocalSocket /run/clamd.ctl\nTCPSocket 3310\nTCPAddr 127.0.0.1\nTCPAddr ::1\n"
    )
    assert found.addresses == (
        Address(path="/run/clamd.ctl"),
        Address(host="127.0.0.1", port=3310),
        Address(host="::1", port=3310),
    )


def test_a_port_without_an_address_is_open_to_this_machine_alone() -> None:
    assert conf("TCPSocket 3310").addresses == (Address(host="127.0.0.1", port=3310),)


@pytest.mark.parametrize("word", ["", "Archive", "Doc"])
def test_what_is_encrypted_alerts_if_one_of_three_words_says_so(word: str) -> None:
    assert conf(f"AlertEncrypted{word} yes\n").settings.alert_encrypted
    assert not conf(f"AlertEncrypted{word} no\n").settings.alert_encrypted


def test_every_word_of_the_contract_has_its_effect() -> None:
    found = conf(
        "DatabaseDirectory /var/lib/clamav\nStreamMaxLength 25M\nMaxThreads 12\n"
        "MaxFileSize 100k\nMaxScanSize 1G\nMaxFiles 10\nMaxRecursion 2\n"
        "CommandReadTimeout 2\nReadTimeout 5\nIdleTimeout 7\nAllowAllMatchScan no\n"
        "AlertExceedsMax TRUE\nExcludePath ^/proc\nEnableStatsCommand no\n"
    )
    settings = found.settings
    assert settings.stream_size == 25 * MIB
    assert settings.file_size == 100 * 1024
    assert (settings.threads, found.jobs) == (12, 12)
    times = [settings.command_seconds, settings.read_seconds, settings.idle_seconds]
    assert times == [2, 5, 7]
    assert not settings.all_match
    assert settings.alert_limits is True
    assert settings.excludes(b"/proc/x")
    assert settings.off == {b"STATS"}
    assert found.rules == "/var/lib/clamav"
    assert found.limits == Limits(
        file_size=100 * 1024, scan_size=1024 * MIB, parts=10, depth=1
    )
    assert not found.ignored


def test_zero_is_no_limit() -> None:
    zeros = "StreamMaxLength 0\nMaxFileSize 0\nMaxScanSize 0\nMaxFiles 0\n"
    found = conf(zeros + "MaxRecursion 0\nReadTimeout 0\n")
    assert found.limits == Limits()
    assert found.settings.stream_size > 1 << 60
    assert found.settings.file_size is None
    assert found.settings.read_seconds == ClamdSettings().read_seconds


def test_commands_are_switched_off_with_those_that_do_the_same() -> None:
    found = conf("EnableShutdownCommand no\nEnableVersionCommand no\n")
    assert found.settings.off == {b"SHUTDOWN", b"QUIT", b"VERSION", b"VERSIONCOMMANDS"}
    assert not conf("EnableReloadCommand yes").settings.off


def test_other_words_are_named_in_one_line() -> None:
    found = conf("LogFile /x\nUser clamav\nLogFile /y\nEnableFooCommand no\nExample\n")
    assert found.warning == "ignored: LogFile User EnableFooCommand Example"


def test_values_may_be_quoted_and_stand_behind_tabs() -> None:
    assert conf('LocalSocket\t"/run/a b" # c').addresses == (Address(path="/run/a b"),)


@pytest.mark.parametrize(
    "text",
    [
        *("StreamMaxLength 1T", "StreamMaxLength", "MaxThreads -1", "MaxFiles x"),
        *("TCPSocket 0", "TCPSocket 65536", "AlertExceedsMax maybe", "LocalSocket"),
        *("EnableStatsCommand 2", "ExcludePath (", "MaxFiles 9999999999"),
    ],
)
def test_a_value_that_its_word_does_not_take_is_refused_with_its_line(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "clamd.conf"
    path.write_text(f"# first\n{text}\n")
    word = text.split(maxsplit=1)[0]
    with pytest.raises(Refused, match=word) as caught:
        read_conf(str(path), Limits())
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_conf(str(tmp_path / "none"), Limits())
    (tmp_path / "long").write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(Refused, match="too long"):
        read_conf(str(tmp_path / "long"), Limits())


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = conf(text)
    except Refused:
        return
    assert isinstance(found, ClamdConf)
    assert "\n" not in found.warning


def test_a_file_is_read_as_raw_bytes(tmp_path: Path) -> None:
    path = tmp_path / "clamd.conf"
    path.write_bytes(b"LocalSocket /run/\xff\n")
    [address] = read_conf(str(path), Limits()).addresses
    assert address.path == "/run/\udcff"
