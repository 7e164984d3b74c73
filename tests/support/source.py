"""Read a rule from its text, and judge it by its condition."""

from clearward.rules.condition import Decision, decide
from clearward.rules.lexer import Rule, String, read

MANY = 200_000  # of one thing in a row; more than linear time would show as minutes
ANY, POSITIVE = Decision.ANY, Decision.POSITIVE
SMALL, OPEN = Decision.SMALL, Decision.OPEN
STRINGS = '$a1 = "one" $a2 = "two" wide $b = { 01 [2-4] 02 } $c = /c{1,9}/'


def one(text: str) -> Rule:
    [rule] = read(text)
    return rule


def condition(text: str) -> tuple[str, ...]:
    return one(f"rule a {{ condition: {text} }}").tokens


def string(text: str) -> String:
    [found] = one(f"rule a {{ strings: $a = {text} condition: $a }}").strings
    return found


def judge(condition: str, strings: str = STRINGS, kind: str = "") -> Decision:
    head = f"strings: {strings}" if strings else ""
    text = f"{kind} rule a {{ {head} condition: {condition} }}"
    return decide(text).get("a", OPEN)
