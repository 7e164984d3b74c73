"""What `clearward publish prune` does."""

import json as json_text
import sys

from clearward.faces.cli.run_publish import say
from clearward.faces.text import escaped
from clearward.publishing.pruning import Unneeded, prune, unneeded
from clearward.publishing.repository import Repository, alone


def remove(repo: str, keep: int, *, dry_run: bool, json: bool) -> None:
    """Remove the files of old releases.

    Raises:
        Refused: there is no repository, or it is not what its signatures say.
        Unavailable: somebody publishes there, or there is no right to.
    """

    def show(one: Unneeded) -> None:
        if json:
            row = {"removed": one.name, "bytes": one.length}
            sys.stdout.write(json_text.dumps(row) + "\n")
        elif dry_run:
            sys.stdout.write(f"{one.length:>12,}  {escaped(one.name)}\n")

    repository = Repository(repo)
    with alone(repo):
        found = unneeded(repository, keep)
        if dry_run:
            for one in found:
                show(one)
        else:
            prune(repository, found, show)
    fields = {
        "removed": len(found),
        "bytes": sum(one.length for one in found),
        "kept": keep,
        "dry_run": dry_run,
    }
    say(fields, json=json)
