"""The checks that `make attacks` takes out are there, and so are their tests."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from promises.attacks.test_index import OPEN, PAGE, file_of, is_there, rows

TOOL = Path(__file__).parents[2] / "tools/attacks.py"


@pytest.fixture(name="tool", scope="module")
def fixture_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(TOOL.stem, TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a data class looks for its own module
    spec.loader.exec_module(module)
    return module


def test_every_check_is_where_it_is_said_to_be(tool: ModuleType) -> None:
    assert tool.stale(tool.read()) == []


def test_every_test_of_a_check_is_there(tool: ModuleType) -> None:
    named = {test for check in tool.read() for test in check.tests}
    assert {test for test in named if "::" not in test or not is_there(test)} == set()


def test_every_test_of_the_page_is_seen_to_fail(tool: ModuleType) -> None:
    """Of a file that is named as a whole, one test is enough."""
    table = rows()
    promises = re.findall(r"^\*\*(\d+\. .+?)\*\*", PAGE, re.MULTILINE | re.DOTALL)
    tried: dict[str, set[str]] = {row: set() for row in (*table, *promises)}
    for check in tool.read():
        tried[check.row] |= {*check.tests, *map(file_of, check.tests)}
    missing = {row: set(tests) - tried[row] for row, tests in table.items()}
    assert {row: tests for row, tests in missing.items() if tests} == {}
    assert tried[OPEN] == set()


def test_a_text_that_is_not_there_or_not_once_is_stale(
    tool: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("once twice twice")
    for find, put, count in (("once", "", 0), ("twice", "", 1), ("none", "", 1)):
        removal = tool.Removal("file", find, put)
        check = tool.Check("row", "name", (), (removal,))
        assert len(tool.stale([check], tmp_path)) == count
