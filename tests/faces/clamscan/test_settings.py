"""Options become settings, and what is not obeyed is said."""

import re
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.faces.clamav.options import parse
from clearward.faces.clamscan.settings import (
    OPTIONS,
    Settings,
    settings,
    warnings,
)

MANUAL = Path(__file__).parents[3] / "docs/man/clearward-clamscan.1"


def read(*words: str) -> Settings:
    return settings(parse("clamscan", OPTIONS, words))


def said(*words: str) -> list[str]:
    return warnings(parse("clamscan", OPTIONS, words))


def test_limits_mean_what_they_mean_to_clamscan() -> None:
    limits = read(
        "--max-filesize=100K",
        "--max-scansize=1M",
        "--max-files=7",
        "--max-recursion=3",
        "--max-scantime=1500",
    ).limits
    assert limits.file_size == 102_400
    assert limits.scan_size == 1 << 20
    assert limits.parts == 7
    assert limits.depth == 2  # the file itself is the first of three
    assert limits.seconds == 1.5


def test_nothing_means_no_limit() -> None:
    words = ("--max-filesize=0", "--max-scansize=0", "--max-files=0")
    assert read(*words).limits == Settings().limits
    assert read("--max-scantime=0").limits.seconds > 10**5


def test_without_archives_nothing_inside_is_looked_at() -> None:
    assert read("--scan-archive=no").limits.depth == 0
    assert read("--scan-archive").limits.depth == Settings().limits.depth


@pytest.mark.parametrize(
    "word",
    [
        "--follow-dir-symlinks=3",
        "--follow-file-symlinks=10",
        "--max-files=1" + 30 * "0",
        "--max-filesize=1" + 30 * "0",
        "--exclude=(",
    ],
)
def test_a_value_that_does_not_fit_is_refused(word: str) -> None:
    with pytest.raises(Refused, match=re.escape(word.partition("=")[0])):
        read(word)


def test_what_is_not_obeyed_is_said_once_a_kind() -> None:
    assert said("--scan-pe=no", "--scan-pdf=no", "--scan-elf=yes") == [
        "Scanned all the same, in spite of --scan-pe, --scan-pdf"
    ]
    assert said("--alert-macros", "--exclude-pua=X", "--gen-json=no") == [
        "Not supported and ignored: --exclude-pua, --alert-macros"
    ]
    assert said("--no-pe") == ["Ignoring deprecated option --no-pe"]
    assert said("-r", "--bytecode=no", "--leave-temps") == []


def test_the_old_names_of_alerts_count() -> None:
    assert read("--block-max").alert_limits
    assert read("--block-encrypted").alert_encrypted
    assert read("--alert-encrypted-doc").alert_encrypted


def test_every_option_is_in_the_manual() -> None:
    manual = MANUAL.read_text("utf-8").replace("\\-", "-")
    assert [one.name for one in OPTIONS if f"--{one.name}" not in manual] == []
