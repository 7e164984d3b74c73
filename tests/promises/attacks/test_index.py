"""Every attack that docs/trust.md names has tests, and they are there."""

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[2]
PAGE = (TESTS.parent / "docs/trust.md").read_text("utf-8")
HEAD = "## Attacks, and what stops them"
# Files that are not here yet; this becomes empty with them.
OPEN = "compiler, kernel, hardware"  # nothing stops it, so nothing shows that


def rows() -> dict[str, list[str]]:
    """Each attack with its tests."""
    section = PAGE.partition(HEAD)[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [line.strip("| ").split(" | ") for line in lines]
    return {cell[0]: re.findall(r"`([^`]+)`", cell[2]) for cell in cells}


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name for name in found if name.startswith("test_")}


def file_of(test: str) -> str:
    return test.partition("::")[0]


def is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    path = TESTS / file
    return path.is_file() and bool(functions(path)) and name in {"", *functions(path)}


def test_every_attack_has_a_test() -> None:
    found = rows()
    assert len(found) >= 14
    assert {attack for attack, tests in found.items() if not tests} == {OPEN}


def test_every_test_that_is_named_is_there() -> None:
    named = {test for tests in rows().values() for test in tests}
    missing = {test for test in named if not is_there(test)}
    assert set(missing) == set()
