"""Tell names of files, members, packages and versions from hosts.

``friends.toml`` beside this file has the words, with source and date.
"""

import tomllib
from dataclasses import dataclass

_BEFORE = 16  # characters before an address that may call it a version


@dataclass(frozen=True, slots=True)
class Friends:
    """Words that are told from hosts; see ``friends.toml``."""

    files: frozenset[str]
    second: frozenset[str]
    members: frozenset[str]
    receivers: frozenset[str]
    names: frozenset[str]
    reversed: frozenset[str]
    words: frozenset[str]
    versions: frozenset[str]


def _read() -> Friends:
    with open(f"{__file__.removesuffix('.py')}.toml", "rb") as file:
        return Friends(
            **{
                key: frozenset(words.split())
                for key, words in tomllib.load(file).items()
            }
        )


FRIENDS = _read()


def is_file(labels: list[str]) -> bool:
    """Say whether a name is that of a file rather: ``setup.py``, ``a.tar.bz``.

    Args:
        labels: of the name, in lower case.
    """
    if labels[-1] not in FRIENDS.files or labels[0] == "www":
        return False
    return len(labels) == 2 or labels[-2] not in FRIENDS.second  # noqa: PLR2004


def is_code(written: str, labels: list[str]) -> bool:
    """Say whether a name is that of a member, a module or a package rather.

    Args:
        written: the name as it stands in the text.
        labels: of it, in lower case.
    """
    if ".".join(labels) in FRIENDS.names:
        return True
    first, top = written.partition(".")[0], written.rpartition(".")[2]
    if top.isupper() and not first.isupper():  # names of malware: Agent.AE
        return True
    if len(labels) > 2 and labels[0] in FRIENDS.reversed:  # noqa: PLR2004
        return True
    if labels[-1] not in FRIENDS.members:
        return False
    # System.Net, logger.Info, fooBar.name
    capital = not written.isupper() and (top[:1].isupper() or _has_hump(written))
    return capital or labels[0] in FRIENDS.receivers or "_" in labels[-2]


def _has_hump(written: str) -> bool:
    """Say whether a capital follows a small letter, as in names of members."""
    first = written.partition(".")[0]
    return not first.islower() and not first.isupper() and not first.istitle()


def is_version(text: str, start: int) -> bool:
    """Say whether four numbers that start at a place are a version."""
    before = text[max(start - _BEFORE, 0) : start]
    if before.endswith("/"):  # Firefox/1.2.3.4, but 1.2.3.4/1.2.3.5
        return before[-2:-1].isalpha()
    words = before.rstrip(" \t.:=(#").rsplit(None, 1)
    return bool(words) and words[-1].lower().strip("(") in FRIENDS.versions
