"""Units say what the plan says, to systemd as well."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.schedule.plan import Plan
from clearward.faces.schedule.units import Setting, quoted, service, timer

PLAN = Plan("nightly", "daily", "paths", ("/srv/a b",), ("/etc/r.yar",))
SYSTEM = Setting(("/bin/true",), system=True)
USER = Setting(("/bin/true",), system=False)


def test_a_scan_gives_way_to_everything_else() -> None:
    for setting in (SYSTEM, USER):
        lines = service(PLAN, setting).splitlines()
        for line in ("Nice=19", "IOSchedulingClass=idle", "ConditionACPower=true"):
            assert line in lines


def test_a_missed_scan_is_made_up_for() -> None:
    lines = timer(PLAN).splitlines()
    assert "Persistent=true" in lines
    assert "OnCalendar=daily" in lines
    assert "RandomizedDelaySec=3600" in lines


def test_battery_and_unscanned_are_as_asked() -> None:
    text = service(replace(PLAN, on_battery=True, accept_unscanned=True), SYSTEM)
    assert "ConditionACPower" not in text
    assert "SuccessExitStatus=2" in text
    assert "SuccessExitStatus" not in service(PLAN, SYSTEM)


def test_only_quarantine_may_write() -> None:
    assert "ProtectSystem=strict" in service(PLAN, SYSTEM)
    away = service(replace(PLAN, quarantine=True), SYSTEM)
    assert "ProtectSystem" not in away
    assert '"--quarantine"' in away


def test_only_who_tells_somebody_has_a_network() -> None:
    assert "PrivateNetwork=yes" in service(PLAN, SYSTEM)
    told = service(replace(PLAN, notify_url="https://a.example/b"), SYSTEM)
    assert "PrivateNetwork" not in told
    assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6" in told
    assert '"--notify-url" "https://a.example/b"' in told


def test_a_home_of_its_own_is_kept_and_writable() -> None:
    text = service(PLAN, replace(SYSTEM, home="/srv/my $HOME"))
    assert 'Environment="CLEARWARD_HOME=/srv/my $HOME"' in text
    assert 'ReadWritePaths="-/srv/my $HOME"' in text


def test_a_program_that_cannot_be_named_is_refused() -> None:
    with pytest.raises(Refused):
        service(PLAN, replace(SYSTEM, command=("/opt/a b/clearward",)))


@given(st.text(st.characters(codec="utf-8")).filter(lambda text: "\0" not in text))
def test_a_path_cannot_become_anything_else(text: str) -> None:
    word = quoted("/" + text)
    assert word.isascii()
    assert word.isprintable()
    assert word.count('"') == 2
    assert read(word[1:-1]) == os.fsencode("/" + text)


def read(inside: str) -> bytes:
    """Read a word back, as systemd.syntax(7) and systemd.service(5) say."""
    made = bytearray()
    while inside:
        if inside.startswith("\\x"):
            made.append(int(inside[2:4], 16))
            inside = inside[4:]
        else:
            double = inside[:2] in ("%%", "$$")
            assert double or inside[0] not in "%$\\"
            made += inside[0].encode()
            inside = inside[1 + double :]
    return bytes(made)


@pytest.mark.parametrize("setting", [SYSTEM, USER], ids=["system", "user"])
@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, kind="quick", paths=(), quarantine=True),
        replace(PLAN, kind="full", on_battery=True, accept_unscanned=True),
        replace(PLAN, paths=('/%n $HOME "x" \\ \n [Unit] é', "/;", "/@a")),
    ],
    ids=["paths", "quick", "full", "odd"],
)
def test_systemd_finds_nothing_wrong(
    tmp_path: Path, plan: Plan, setting: Setting
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    units = [tmp_path / "clearward-scan-nightly.service"]
    units.append(units[0].with_suffix(".timer"))
    units[0].write_text(service(plan, setting))
    units[1].write_text(timer(plan))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
