"""What `clearward prove --egress` does."""

import json as json_text
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator

from clearward.faces.prove.attempts import (
    FOUND,
    Tried,
    leaving,
    needing,
    unrecorded,
    unrecorded_updates,
)
from clearward.faces.prove.interference import telling_apart
from clearward.faces.prove.lab import Lab, lab
from clearward.faces.prove.publisher import Publisher, update
from clearward.faces.prove.running import Home

_WIDTH = 24


def prove_egress(*, json: bool) -> bool:
    """Try to leave unseen; return whether everything was blocked.

    Raises:
        Refused: no network can be made here, or the kernel does not count.
        Unavailable: a command does not end.
    """
    blocked: Counter[bool] = Counter()
    with tempfile.TemporaryDirectory(prefix="clearward-prove-") as folder:
        served = os.path.join(folder, "served")
        publisher = Publisher(os.path.join(folder, "publisher"), served)
        with lab(served) as made:
            for tried in _attempts(made, folder, publisher):
                blocked[tried.blocked] += 1
                _say(_row(tried) if json else _line(tried))
    summary = {"attempts": blocked.total(), "blocked": blocked[True]}
    if json:
        _say(json_text.dumps({"summary": summary}))
    else:
        _say(f"{summary['blocked']} of {summary['attempts']} blocked")
    return not blocked[False]


def _attempts(made: Lab, folder: str, publisher: Publisher) -> Iterator[Tried]:
    home = Home(os.path.join(folder, "used"))
    home.put("found.com", FOUND)
    home.put("notes.txt", b"nothing in particular\n")
    yield from leaving(made, home)
    yield from needing(made, home)
    publisher.begin()
    yield from unrecorded(made, home)
    yield from unrecorded_updates(made, home, publisher)

    def twice(one: Home) -> None:  # what is new, and then nothing new
        update(one, publisher)
        update(one, publisher)

    yield from telling_apart(made, folder, twice)


def _row(tried: Tried) -> str:
    fields = {"attempt": tried.attempt, "result": tried.result}
    return json_text.dumps({**fields, "blocked": tried.blocked})


def _line(tried: Tried) -> str:
    mark = "blocked" if tried.blocked else "NOT BLOCKED"
    return f"{tried.attempt:<{_WIDTH}}  {tried.result:<36}  {mark}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
