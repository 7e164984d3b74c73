"""What is left out is told by regular expressions anywhere in a path."""

import pytest

from clearward.core.errors import Refused
from clearward.faces.clamscan.patterns import Patterns, compiled


def test_a_file_is_left_out_or_is_not_among_the_only_ones() -> None:
    patterns = Patterns(
        exclude=compiled("exclude", [r"\.com$"]),
        include=compiled("include", ["tree"]),
    )
    assert patterns.leaves_file("tree/a.com")
    assert patterns.leaves_file("bush/a.txt")
    assert not patterns.leaves_file("tree/a.txt")
    assert not patterns.leaves_folder("tree/a.com")


def test_folders_have_their_own_patterns() -> None:
    patterns = Patterns(exclude_dir=compiled("exclude-dir", ["^/proc"]))
    assert patterns.leaves_folder("/proc/1")
    assert not patterns.leaves_folder("/a/proc")
    assert not patterns.leaves_file("/proc/1")


@pytest.mark.parametrize(
    ("expression", "fits", "not_this"),
    [
        ("^[[:digit:]]+$", "123", "12a"),
        ("^[^[:space:]]$", "a", " "),
        ("^[[:punct:]]$", "]", "a"),
        ("^[[:upper:]_]$", "_", "a"),
    ],
)
def test_bracket_classes_mean_the_same(
    expression: str, fits: str, not_this: str
) -> None:
    (pattern,) = compiled("exclude", [expression])
    assert pattern.search(fits)
    assert not pattern.search(not_this)


@pytest.mark.parametrize("expression", ["(a", "a{2", "*", "["])
def test_what_is_no_expression_is_refused_or_plain(expression: str) -> None:
    try:
        compiled("exclude", [expression])
    except Refused as error:
        assert "--exclude" in str(error)
