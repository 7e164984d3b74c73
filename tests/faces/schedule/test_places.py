"""What a quick and a full scan look at."""

import os
import sys
from pathlib import Path

from clearward.faces.schedule.places import full, homes, quick, running


def test_a_quick_scan_looks_into_homes(tmp_path: Path) -> None:
    (tmp_path / "Downloads").mkdir()
    (tmp_path / ".config/autostart").mkdir(parents=True)
    found = quick([os.fsencode(tmp_path)])
    assert os.fsencode(tmp_path / "Downloads") in found
    assert os.fsencode(tmp_path / ".config/autostart") in found
    assert os.fsencode(tmp_path / "Desktop") not in found
    assert b"/tmp" in found
    assert len(found) == len(set(found))
    assert all(map(os.path.exists, found))


def test_running_programs_are_among_it() -> None:
    assert os.fsencode(os.path.realpath(sys.executable)) in set(running())


def test_a_full_scan_leaves_out_what_is_made_up() -> None:
    found = full()
    assert b"/etc" in found
    assert not {b"/proc", b"/sys", b"/dev"} & set(found)
    assert not any(map(os.path.islink, found))


def test_homes_are_folders_and_never_the_root() -> None:
    assert b"/" not in homes()
    assert all(map(os.path.isdir, homes()))
