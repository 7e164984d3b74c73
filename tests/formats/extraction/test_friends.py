"""False friends of hosts."""

import pytest

from clearward.formats.extraction.friends import FRIENDS, is_code, is_file, is_version
from clearward.indicators.toplevel import TOP_LEVEL


def test_only_real_top_level_names_have_friends() -> None:
    assert (FRIENDS.files | FRIENDS.members) <= TOP_LEVEL


@pytest.mark.parametrize(
    ("name", "file"), [("a.py", True), ("www.a.py", False), ("a.com.py", False)]
)
def test_files_are_told_by_their_endings(name: str, file: bool) -> None:  # noqa: FBT001
    assert is_file(name.split(".")) is file


@pytest.mark.parametrize(
    ("name", "code"),
    [("System.Net", True), ("evil.net", False), ("EVIL.NET", False), ("os.name", True)],
)
def test_members_are_told_by_their_letters(name: str, code: bool) -> None:  # noqa: FBT001
    assert is_code(name, name.lower().split(".")) is code


@pytest.mark.parametrize(
    ("before", "version"),
    [
        *(("version ", True), ("Ver. ", True), ("Chrome/", True), ("v", True)),
        *(("server ", False), ("1.2.3.4/", False), ("", False), ("//", False)),
    ],
)
def test_versions_are_told_by_the_word_before(before: str, version: bool) -> None:  # noqa: FBT001
    assert is_version(f"{before}1.2.3.4", len(before)) is version
