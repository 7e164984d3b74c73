"""No rule is told anything but the data: no time, no path, no owner, no host."""

import pytest
from support.yara import compiled, names, rules

from clearward.rules.kinds import OUTSIDE_VARIABLES

TIMED = """
import "time"
rule timed { condition: time.now() > 1 }
rule leaning { condition: timed }
rule other { condition: filesize > 0 }
"""


def test_a_rule_that_asks_for_the_time_is_left_out_and_named() -> None:
    made, problems = compiled(TIMED)
    assert names(made) == [(0, "other")]
    assert [problem.message.split()[2] for problem in problems] == ["timed", "leaning"]
    assert not any(problem.fatal for problem in problems)


def test_the_other_rules_of_its_source_are_in_force() -> None:
    made, _ = compiled(TIMED)
    assert made is not None
    assert [made.names[number].name for number in made.match(b"x")] == ["other"]


@pytest.mark.parametrize("variable", OUTSIDE_VARIABLES)
def test_what_is_outside_of_a_file_is_always_empty(variable: str) -> None:
    made = rules(
        f'rule told {{ condition: {variable} != "" or {variable} matches /./ }}'
        f'rule empty {{ condition: {variable} == "" }}'
    )
    for data in (b"", b"MZ" + bytes(200), b"data"):
        assert [made.names[number].name for number in made.match(data)] == ["empty"]


@pytest.mark.parametrize(
    "variable",
    ["path", "filename_full", "user", "host", "hostname", "now", "machine"],
)
def test_there_is_no_other_variable_from_outside(variable: str) -> None:
    made, problems = compiled(f'rule a {{ condition: {variable} == "x" }}')
    assert made is None
    assert problems[0].fatal


@pytest.mark.parametrize(
    "asked",
    [
        'import "console" rule a { condition: console.log("x") and false }',
        'import "cuckoo" rule a { condition: cuckoo.filesystem.file_access(/./) }',
        'import "vt" rule a { condition: vt.metadata.file_name matches /./ }',
    ],
)
def test_modules_that_tell_of_elsewhere_have_nothing_to_tell(asked: str) -> None:
    made, _ = compiled(asked)
    if made is not None:
        assert made.match(b"data") == []
