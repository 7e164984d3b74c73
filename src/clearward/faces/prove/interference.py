"""Two homes that differ in what they hold cannot be told apart by what they send.

One has secrets, and something was found there. Both do the same: look at their files,
and bring their rules up to date. What the other end of the line receives, connection by
connection and in order, has to be the same bytes. Prior art: Tschantz, Datta and Wing,
"A Methodology for Information Flow Experiments" (arXiv 1405.2376).
"""

import os
from collections.abc import Callable, Iterator

from clearward.faces.prove.attempts import FOUND, Tried
from clearward.faces.prove.lab import Lab
from clearward.faces.prove.running import Home

Leave = Callable[[Home], object]


def plain(folder: str) -> Home:
    """A home with nothing to hide: harmless files, and nothing found."""
    home = Home(os.path.join(folder, "plain"))
    home.put("notes.txt", b"nothing in particular\n")
    home.put("more.txt", b"nothing either\n")
    return home


def secret(folder: str) -> Home:
    """A home with secrets, and with something that is found."""
    home = Home(os.path.join(folder, "secret"))
    home.put("plans.txt", b"what nobody outside may know of\n" * 100)
    home.put("found.com", FOUND)
    home.put("names.csv", b"name;number\n" * 1000)
    return home


def telling_apart(lab: Lab, folder: str, leave: Leave) -> Iterator[Tried]:
    """See whether what leaves differs between the two.

    Args:
        lab: on whose line it is seen.
        folder: for both homes.
        leave: what lets something leave.
    """
    seen = [_seen(lab, home, leave) for home in (plain(folder), secret(folder))]
    size = sum(map(len, seen[0]))
    same = seen[0] == seen[1] and size > 0
    told = f"{size} bytes, the same" if same else "different"
    yield Tried("tell-homes-apart", told, same)


def _seen(lab: Lab, home: Home, leave: Leave) -> tuple[bytes, ...]:
    """What the other end received from one home."""
    home.run("scan", "--json", "--require-level", "D", home.files)
    lab.taken()
    leave(home)
    return lab.taken()
