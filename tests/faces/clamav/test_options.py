"""Command lines are read as ClamAV's programs read them."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from clearward.faces.clamav.options import Given, WrongUse, parse, read_table

TABLE = read_table(
    """
# a comment
recursive r flag done
infected i flag done
database d text done
max-files - number done
max-filesize - size done
follow - level done
exclude - text warned
"""
)


def read(*words: str) -> Given:
    return parse("clamscan", TABLE, words)


@pytest.mark.parametrize(
    "words",
    [
        ("-ri", "a"),
        ("a", "-r", "-i"),
        ("--recursive", "a", "--infected=yes"),
        ("--rec", "--inf", "a"),
    ],
)
def test_switches_may_be_joined_shortened_and_anywhere(words: tuple[str, ...]) -> None:
    given = read(*words)
    assert given.on("recursive")
    assert given.on("infected")
    assert given.operands == ["a"]


@pytest.mark.parametrize(
    "words",
    [
        ("-ddb",),
        ("-d", "db"),
        ("-rddb",),
        ("--database=db",),
        ("--database", "db"),
    ],
)
def test_a_value_may_stand_in_the_word_or_behind_it(words: tuple[str, ...]) -> None:
    assert read(*words).last("database") == "db"


def test_a_value_that_may_be_left_out_is_not_taken_from_the_next_word() -> None:
    given = read("--recursive", "no", "--follow", "1")
    assert given.on("recursive")
    assert given.last("follow") == "2"
    assert given.operands == ["no", "1"]


def test_the_last_value_counts_and_all_are_kept() -> None:
    given = read("--exclude=a", "--exclude", "b", "--recursive", "--recursive=no")
    assert given.all("exclude") == ("a", "b")
    assert not given.on("recursive")
    assert [option.name for option in given.of("warned")] == ["exclude"]


def test_two_dashes_end_the_options() -> None:
    assert read("--", "-r", "--bogus").operands == ["-r", "--bogus"]


def test_one_dash_is_an_operand() -> None:
    assert read("-").operands == ["-"]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("--bogus",), "clamscan: unrecognized option `--bogus'"),
        (("--max-",), "clamscan: option `--max-' is ambiguous"),
        (("-Q",), "clamscan: illegal option -- Q"),
        (("-r=no",), "clamscan: illegal option -- ="),
        (("-d",), "clamscan: option requires an argument -- d"),
        (("--database",), "clamscan: option `--database' requires an argument"),
        (
            ("--max-files=-1",),
            "ERROR: Incorrect argument format for option --max-files",
        ),
        (
            ("--recursive=maybe",),
            "ERROR: Incorrect argument format for option --recursive",
        ),
        (
            ("--max-filesize", "x"),
            "ERROR: Incorrect argument format for option --max-filesize",
        ),
    ],
)
def test_wrong_use_is_said_as_the_original_does(
    words: tuple[str, ...], first: str
) -> None:
    with pytest.raises(WrongUse) as caught:
        read(*words)
    assert caught.value.lines[0] == first
    assert caught.value.lines[-1] == "ERROR: Can't parse command line options"


@examples(st.lists(st.text(max_size=12)))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        given = read(*words)
    except WrongUse:
        return
    values = sum(map(len, given.options.values()))
    assert values + len(given.operands) <= sum(map(len, words)) + len(words)


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        read_table("a b colour done")
