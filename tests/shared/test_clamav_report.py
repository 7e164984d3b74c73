"""What `compat/run.py` makes of answers; its modules are no package, so it is run."""

import subprocess
import sys
from pathlib import Path

COMPAT = Path(__file__).parents[2] / "compat"
JUDGE = """
import sys
sys.path.insert(0, sys.argv[1])
import report
from cases import Case
from sides import Answer, Said

def kind(expected, names=(), reasons=(), flags=("--allmatch",), behind=False):
    case = Case("a-1", "ndb", flags=flags, behind=behind,
                expected={"in": frozenset(expected)})
    said = Said({"in": Answer(frozenset(names), reasons)})
    return report.verdicts(case, said)[0].kind.value

print(kind([]), kind(["A"], ["A"]), kind(["A"], ["B"]), kind(["A"]), kind([], ["A"]))
print(kind([], reasons=("encrypted",)), kind(["A"], reasons=("encrypted",)))
print(kind(["A"], ["A", "B"], flags=()), kind([], ["A"], flags=()))
print(kind([], ["A"], behind=True), kind(["A"], behind=True))
case = Case("a-1", "ndb", expected={"in": frozenset()})
(refused,) = report.verdicts(case, Said({}, "no"))
print(refused.kind.value, report.is_listed(refused, ["a-*"]),
      report.is_listed(refused, ["a-1/in"]), report.is_listed(refused, ["b"]))
named = Case("a-1", "ndb", flags=("--allmatch",), expected={"in": frozenset("AB")})
(one,) = report.verdicts(named, Said({"in": Answer(frozenset("A"))}))
print(report.is_listed(one, ["a-* B"]), report.is_listed(one, ["a-* A"]))
print(report.total([refused], []).unlisted, report.total([refused], ["a-1"]).unlisted)
"""


def judged() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, COMPAT],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_verdicts_are_told_apart_and_what_is_not_looked_at_is_no_agreement() -> None:
    assert judged() == [
        "agrees agrees differs differs differs",
        "silent differs",
        "agrees differs",
        "beyond differs",
        "unreadable True True False",
        "True False",
        "1 0",
    ]
