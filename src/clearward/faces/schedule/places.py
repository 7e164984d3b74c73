"""What a quick and a full scan look at, found out when the scan begins.

Homes, running programs and folders come and go, so that none of it stands in a unit.
"""

import os
import pwd
from collections.abc import Iterator

_LIST = os.path.join(os.path.dirname(__file__), "quick.txt")
# What the kernel makes up as it is read; there are no files of anybody's in it.
_MADE_UP = (b"/proc", b"/sys", b"/dev")
_FIRST_PERSON, _NOBODY = 1000, 65534  # numbers of users


def quick(homes: list[bytes]) -> list[bytes]:
    """Return what is there of what a quick scan looks at, each once.

    Args:
        homes: folders that ``~`` stands for.
    """
    with open(_LIST, "rb") as file:
        lines = [line.strip() for line in file]
    named = [line for line in lines if line and not line.startswith(b"#")]
    paths = [
        path
        for line in named
        for path in (
            [home + line[1:] for home in homes] if line[:1] == b"~" else [line]
        )
    ]
    there = [path for path in paths if os.path.exists(path)]
    return list(dict.fromkeys([*there, *running()]))


def full() -> list[bytes]:
    """Return everything below the root but what the kernel makes up."""
    inside = [b"/" + name for name in sorted(os.listdir(b"/"))]
    return [
        path for path in inside if path not in _MADE_UP and not os.path.islink(path)
    ]


def homes() -> list[bytes]:
    """Return the homes of people: everybody's for root, else one's own."""
    if os.geteuid() != 0:
        return [os.fsencode(os.path.expanduser("~"))]
    found = [
        os.fsencode(user.pw_dir)
        for user in pwd.getpwall()
        if user.pw_uid == 0 or _FIRST_PERSON <= user.pw_uid < _NOBODY
    ]
    if os.path.isdir(b"/home"):
        found += [b"/home/" + name for name in os.listdir(b"/home")]
    real = [os.path.realpath(path) for path in found if path.startswith(b"/")]
    return sorted({path for path in real if path != b"/" and os.path.isdir(path)})


def running() -> Iterator[bytes]:
    """Yield the files of running programs, as far as they may be seen."""
    for name in os.listdir(b"/proc"):
        if name.isdigit():
            try:
                path = os.readlink(b"/proc/" + name + b"/exe")
            except OSError:  # it has ended, is the kernel's, or somebody else's
                continue
            if path.startswith(b"/") and os.path.isfile(path):
                yield path
