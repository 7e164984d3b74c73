"""Run the cases of OASIS's pattern matcher against ours.

    python compat/oasis_matcher.py FOLDER

FOLDER is a checkout of cti-pattern-matcher; its tests import `stix2matcher.matcher`,
and get ours under that name. Cases of its inner functions, and of which observations
it returns, are left out. Ends as pytest does.
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from stix2patterns.exceptions import ParseException
from typing_extensions import override

from clearward.core.errors import LimitReached, Malformed, Refused
from clearward.intel.pattern.matching import matches
from clearward.intel.pattern.parsing import parse

OTHERS = (
    "overlap",
    "intervals_within",
    "multi_sdo",
    "matching_sdos",
    "string_err",
    "set_err",
    "json_error",
)


class MatcherException(Exception):
    """What their tests expect where a pattern cannot be matched."""


class _Unread(ParseException, MatcherException):  # type: ignore[misc]
    """Theirs finds some of these when it reads, and some when it matches."""


def match(pattern: str, observed: list[dict[str, Any]], **options: object) -> bool:
    """Match as their function does."""
    for one in observed:
        if one.get("type") == "cybox-container":
            one["type"] = "observed-data"  # as it was called before STIX 2.0
    try:
        read = parse(pattern, old=options.get("stix_version") != "2.1")
    except Malformed as error:
        if "twice" in error.field:
            pytest.skip("not a pattern for the validator either")
        raise _Unread(str(error)) from error
    try:
        return matches(read, observed)
    except (LimitReached, Refused) as error:
        raise MatcherException(str(error)) from error


class _Matcher(ModuleType):
    match = staticmethod(match)
    MatcherException = MatcherException

    @override
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return None  # an inner function, whose cases are left out


def main() -> int:
    """Run them."""
    package = ModuleType("stix2matcher")
    package.__path__ = []
    sys.modules |= {
        "stix2matcher": package,
        "stix2matcher.matcher": _Matcher("stix2matcher.matcher"),
    }
    folder = Path(sys.argv[1]) / "stix2matcher" / "test"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"]
    options += ["--import-mode=importlib", "-c", "/dev/null", "--tb=line", "-k"]
    return pytest.main([*options, f"not ({' or '.join(OTHERS)})", str(folder)])


if __name__ == "__main__":
    sys.exit(main())
