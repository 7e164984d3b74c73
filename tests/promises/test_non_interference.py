"""What leaves does not depend on what a home holds, nor on what was found there.

Two homes differ only in their files. What the other end of the line receives from both,
connection by connection and in order, is the same; and the test sees a leak of one bit,
even where every byte that leaves is allowed and in the ledger.
"""

import json
from pathlib import Path

import pytest
from support.labs import in_a_lab
from support.sweeping import some

_ASK = """
with lab(folder + "/served") as made:
    publisher.begin()
    for tried in interference.telling_apart(made, folder, leave):
        say(tried)
"""


def told_apart(folder: Path, leave: str) -> bool:
    (line,) = in_a_lab(folder, leave + _ASK)
    attempt, _, blocked = json.loads(line)
    assert attempt == "tell-homes-apart"
    return not blocked


def test_two_homes_send_the_same_bytes_in_the_same_order(tmp_path: Path) -> None:
    assert not told_apart(tmp_path, UPDATE)


# What an update asks for, and a home that lets something of itself into that.
_FRONT = """
import os

TARGETS = ("/metadata/timestamp.json", "/log/checkpoint", "/targets/rules.cwr")

def found(home):
    return os.path.exists(home.files + "/found.com")
"""
UPDATE = """
def leave(home):  # what is new, and then nothing new
    update(home, publisher)
    update(home, publisher)
"""
LEAKS = {
    "the order of requests": """
def leave(home):
    attempts.fetch(home, TARGETS[::-1] if found(home) else TARGETS)
""",
    "how often it asks": """
def leave(home):
    attempts.fetch(home, TARGETS * len(os.listdir(home.files)))
""",
    "how many connections": """
def leave(home):
    if found(home):
        attempts.fetch(home, TARGETS[:1])
        attempts.fetch(home, TARGETS[1:])
    else:
        attempts.fetch(home, TARGETS)
""",
    "a question mark behind a target": """
def leave(home):
    attempts.fetch(home, [f"{one}?{found(home):d}" for one in TARGETS])
""",
    "one update more": UPDATE
    + """
once = leave
def leave(home):
    once(home)
    if found(home):
        update(home, publisher)
""",
    "a file that follows the state": UPDATE
    + """
twice = leave
def leave(home):
    twice(home)
    if not found(home):
        publisher.release(2)
    update(home, publisher)
""",
}


@pytest.mark.parametrize("leak", some(LEAKS.values(), 2), ids=some(LEAKS, 2))
def test_a_leak_that_is_planted_is_seen(tmp_path: Path, leak: str) -> None:
    assert told_apart(tmp_path, _FRONT + leak)
