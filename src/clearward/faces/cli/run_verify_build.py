"""What `clearward rules verify-build` does."""

import json as json_text
import sys
from functools import partial

from clearward.compiling import compile_image
from clearward.faces.cli.compiling import progress
from clearward.faces.text import escaped
from clearward.publishing import logged
from clearward.publishing.begun import IMAGE, SOURCE
from clearward.publishing.rebuilding import Rebuilt, rebuild
from clearward.publishing.repository import Repository, sha256_of
from clearward.updates.release import Release

_DIFFERENT = 1


def verify(repo: str, number: int | None, *, json: bool) -> int:
    """Make an image again; return the exit status, 1 if it is another one.

    Raises:
        Refused: there is no such release, or a file of it is missing.
        Unavailable: there is no room, or the jail could not be started.
    """
    repository = Repository(repo)
    release = logged.release(repository, number)
    image = repository.path(f"targets/{release.rules}.{IMAGE}")
    source = repository.path(f"targets/{release.source}.{SOURCE}")
    for path, digest in ((image, release.rules), (source, release.source)):
        if sha256_of(path) != digest:
            return _different(release, f"{path} is not what the log says", json=json)
    with progress(json=json) as show:
        made = rebuild(source, image, partial(compile_image, strict=False, show=show))
    if not made.same:
        return _different(release, _why(made), json=json)
    _say(release, {"same": True, "compiler": dict(made.compiler)}, json=json)
    return 0


def _why(made: Rebuilt) -> str:
    said = f"made here it is {made.made}"
    if dict(made.compiler) == dict(made.here):
        return said
    pairs = [
        f"{name} {made.compiler.get(name, 'unknown')} there and {here} here"
        for name, here in made.here.items()
        if made.compiler.get(name) != here
    ]
    return f"{said}, by another compiler: {', '.join(pairs)}"


def _different(release: Release, why: str, *, json: bool) -> int:
    _say(release, {"same": False, "why": why}, json=json)
    return _DIFFERENT


def _say(release: Release, found: dict[str, object], *, json: bool) -> None:
    if json:
        fields = {"seq": release.seq, "sha256": release.rules, **found}
        sys.stdout.write(json_text.dumps({"summary": fields}) + "\n")
        return
    said = (
        "the same, byte for byte" if found["same"] else f"NOT the same: {found['why']}"
    )
    line = f"release {release.seq}, {release.rules}: {said}"
    sys.stdout.write(f"{escaped(line)}\n")
