"""Behaviour of the patterns that leave files out."""

import fnmatch
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.jail.exclude import compile_patterns

PLAIN = st.text("ab.[]^!-\\\n", max_size=6)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        pytest.param(
            "*.log", ["a.log", "/x/y/b.log", ".log"], ["a.logs", "/x.log/b"], id="name"
        ),
        pytest.param("obj", ["obj", "/a/obj", "obj/"], ["obj2", "/obj/a"], id="word"),
        pytest.param("a?c", ["abc", "/x/a-c"], ["ac", "abbc"], id="one character"),
        pytest.param("[ab]x", ["ax", "bx"], ["cx", "abx"], id="a set"),
        pytest.param("[!ab]x", ["cx"], ["ax", "bx"], id="all but a set"),
        pytest.param("*", ["a", "/x/y"], [], id="everything"),
        pytest.param("/etc/*", ["/etc/a"], ["/etc", "/etc/a/b"], id="star in a path"),
        pytest.param(
            "/etc/**", ["/etc/a", "/etc/a/b"], ["/etc", "/x/etc/a"], id="two stars"
        ),
        pytest.param(
            "**/cache",
            ["cache", "a/cache", "/a/b/cache"],
            ["acache", "/cache/x"],
            id="two stars first",
        ),
        pytest.param(
            "/a/**/z",
            ["/a/z", "/a/b/z", "/a/b/c/z"],
            ["/az", "/a/bz"],
            id="two stars between",
        ),
        pytest.param("/a/?", ["/a/b"], ["/a//", "/a/bc"], id="one in a path"),
        pytest.param("/a/[bc]", ["/a/b"], ["/a/d"], id="a set in a path"),
        pytest.param("/a/[!b]", ["/a/c"], ["/a/b"], id="all but a set in a path"),
        pytest.param("/a[!b]c", ["/axc"], ["/a/c", "/abc"], id="no set has a slash"),
        pytest.param("/a/[]x]", ["/a/]", "/a/x"], ["/a/y"], id="a bracket in a set"),
        pytest.param("/a/[[]", ["/a/["], ["/a/x"], id="an opening bracket"),
        pytest.param("/a/[\\]", ["/a/\\"], ["/a/x"], id="a backslash in a set"),
        pytest.param("/a/[b", ["/a/[b"], ["/a/b"], id="a bracket without end"),
        pytest.param("/a/x.y", ["/a/x.y"], ["/a/xzy"], id="a dot is a dot"),
        pytest.param("/a/b+", ["/a/b+"], ["/a/bb"], id="a plus is a plus"),
        pytest.param("a/*\n", ["a/b\n"], ["a/b"], id="line breaks"),
        pytest.param("/x/*.o", ["/x/a\nb.o"], ["/x/a.o\n"], id="across line breaks"),
        pytest.param("cache/", ["cache", "/a/cache"], ["caches"], id="a slash behind"),
        pytest.param("/a/b/", ["/a/b", "/a/b/"], ["/a/bc"], id="a path and a slash"),
    ],
)
def test_a_pattern_fits_what_the_contract_says(
    pattern: str, fitting: list[str], others: list[str]
) -> None:
    excludes = compile_patterns([pattern])
    assert [path for path in fitting if not excludes(path)] == []
    assert [path for path in others if excludes(path)] == []


def test_one_of_several_patterns_is_enough() -> None:
    excludes = compile_patterns(["*.a", "/b/*", "c"])
    assert all(map(excludes, ["x.a", "/b/x", "/x/c"]))
    assert not excludes("/x/y")


def test_without_patterns_nothing_is_left_out() -> None:
    assert not compile_patterns([])("anything")


@pytest.mark.parametrize("pattern", ["/x/[z-a]", "[z-a]", "/x/[a--b]", "/[^]"])
def test_a_set_that_is_none_is_no_accident(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not compile_patterns([pattern])("/x/y")


@given(st.text("ab/*?[]!^-\\&~|{}()$.+", max_size=10), st.text("ab/-[]", max_size=8))
def test_any_pattern_can_be_used(pattern: str, path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_patterns([pattern])(path)


@given(PLAIN, PLAIN)
def test_a_set_means_in_a_path_what_it_means_in_a_name(pattern: str, name: str) -> None:
    alone = compile_patterns([pattern or "x"])(name)
    assert alone == fnmatch.fnmatchcase(name, pattern or "x")
    in_path = compile_patterns(["/" + (pattern or "x")])("/" + name)
    assert in_path == alone
