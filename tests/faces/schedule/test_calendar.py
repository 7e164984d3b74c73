"""Times have the form that systemd reads."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.schedule.calendar import check

GOOD = [
    "daily",
    "weekly",
    "hourly UTC",
    "Mon *-*-* 03:00",
    "Mon..Fri *-*-* 03:00:00",
    "Sat,Sun 04:30",
    "sun",
    "*-*-* 00/6:00",
    "*-*-1,15 12:00",
    "2027-01-01",
    "*-02~03",
    "03:15:00 Europe/Berlin",
    "Mon,Wed..Fri *-05~07/1 1..3:00",
]
BAD = [
    "",
    " ",
    "foo bar",
    "Mon Tue",
    "daily weekly",
    "25",
    "daily\nExecStart=/bin/sh",
    "*-*-* 03:00\n",
    "daily %n",
    "-*-",
    "03:00 03:00",
]


def known_to_systemd(text: str) -> bool:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--", text], capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.mark.parametrize("text", GOOD)
def test_good_times_are_taken(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", GOOD)
def test_systemd_knows_them_too(text: str) -> None:
    assert known_to_systemd(text)


@pytest.mark.parametrize("text", BAD)
def test_bad_times_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        check(text)


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_taken_cannot_end_a_line(text: str) -> None:
    for tried in (text, f"daily{text}", f"Mon {text}"):
        try:
            check(tried)
        except Refused:
            continue
        assert tried.isascii()
        assert tried.isprintable()
        assert not set(tried) & set("%$\\\"'=;#[]")
