"""What `clearward lookup build` and `verify` do."""

import json as json_text
import os
import sys
from collections.abc import Sequence

from clearward.core.errors import Refused
from clearward.faces.text import escaped
from clearward.publishing import logged
from clearward.publishing.repository import Repository
from clearward.reputation import source
from clearward.reputation.fuse import MOST_DIGESTS
from clearward.reputation.labels import plain
from clearward.reputation.making import Made, from_lists, from_records
from clearward.reputation.records import WIDTH, order
from clearward.reputation.source import Entries
from clearward.stores.reputation import LABELS, LIST, MOST_LABELS, files, read
from clearward.stores.reputation_writing import different, write

DIFFERENT = 1
_SHOWN = 10  # names; more do not help
_PIECE = 1 << 20  # bytes


def build(lists: Sequence[str], output: str, repo: str | None, *, json: bool) -> None:
    """Make a set and say what it holds.

    Args:
        lists: files; those that a log has if a repository is named.
        output: the folder to make.
        repo: a repository.
        json: how it is said.

    Raises:
        Refused: a list cannot be read, two have one name, or the folder is there.
        Unavailable: the folder cannot be written.
    """
    if os.path.lexists(output):  # said before the work, not after it
        raise Refused(f"{output}: is there already")
    entries, said_of = _wanted(lists, repo)
    made = from_lists(entries)
    size = write(output, files(made))
    fields = {
        "digests": sum(len(one.named) for one in entries.values()),
        "records": made.head.records,
        "rejected": sum(one.rejected for one in entries.values()),
        "bytes": size,
        "set": made.head.id.hex(),
        **said_of,
    }
    said = (
        f"{fields['records']:,} records of {fields['digests']:,} digests, "
        f"{fields['rejected']:,} lines rejected, {size:,} bytes\nset {fields['set']}"
    )
    _say(json_text.dumps({"summary": fields}) if json else said)


def verify(folder: str, lists: Sequence[str], repo: str | None, *, json: bool) -> int:
    """Make a set again, compare, and return the exit status.

    Args:
        folder: the set.
        lists: files; those that a log has if a repository is named.
        repo: a repository.
        json: how it is said.

    Raises:
        Refused: a list, or a file of the set, cannot be read.
    """
    said_of: dict[str, object] = {}
    if lists or repo:
        entries, said_of = _wanted(lists, repo)
        made = from_lists(entries)
    else:
        made = _again(folder)
    wrong = list(different(folder, files(made)))
    for name in wrong if json else wrong[:_SHOWN]:
        _say(json_text.dumps({"different": name}) if json else f"{name}: is different")
    fields = {"different": len(wrong), "set": made.head.id.hex(), **said_of}
    whole = "every file is what it has to be" if not wrong else "not the same set"
    said = f"{whole}: {len(wrong):,} files are different\nset {fields['set']}"
    _say(json_text.dumps({"summary": fields}) if json else said)
    return DIFFERENT if wrong else 0


def _wanted(
    lists: Sequence[str], repo: str | None
) -> tuple[dict[str, Entries], dict[str, object]]:
    """Return what a set is to be made of, and what is said of where that is from."""
    if repo is None:
        return _entries(lists), {}
    repository = Repository(repo)
    found = logged.release(repository)
    with logged.digest_lists(repository, found) as paths:
        if not paths:
            raise Refused(
                f"{escaped(repo)}: release {found.seq} has no list of SHA-256"
            )
        return _entries(paths), {"seq": found.seq, "source_sha256": found.source}


def _again(folder: str) -> Made:
    held = read(folder, LIST, most=MOST_DIGESTS * WIDTH)
    ordered = bytearray(held[: len(held) // WIDTH * WIDTH])
    order(ordered)
    if ordered != held:
        raise Refused(f"{folder}/{LIST}: is no list of records in order")
    return from_records(memoryview(held), read(folder, LABELS, most=MOST_LABELS))


def _entries(lists: Sequence[str]) -> dict[str, Entries]:
    """Read lists; each has the name of its file."""
    entries: dict[str, Entries] = {}
    for path in lists:
        name = plain(os.fsencode(os.path.basename(path)))
        if name in entries:
            raise Refused(f"{escaped(path)}: another list has that name as well")
        try:
            with open(path, "rb") as file:
                entries[name] = source.read(iter(lambda: file.read(_PIECE), b""))
        except OSError as error:
            said = f"{escaped(path)}: cannot be read: {error.strerror}"
            raise Refused(said) from error
    return entries


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
