"""What `clearward rules info` does, and `rules compile` without a file to write."""

import json as json_text
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from clearward.core.names import ImageRules
from clearward.faces.text import escaped
from clearward.jail import bundle
from clearward.stores.home import home
from clearward.stores.installed.checking import check_image, check_proof
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Releases
from clearward.wiring import RuleChoice, ScanChoice, Scanner

INSTALLED = "installed"  # the word for the rules that nobody names


def show_installed(*, json: bool) -> None:
    """Say which published rules are in force, after the check that loading makes.

    Raises:
        Refused: they do not load.
    """
    place = Place(home())
    kept = Releases(place).current()
    fields: dict[str, Any] = {"seq": 0, "sha256": bundle.DIGEST, "bundle": "starter"}
    if kept is not None:
        release = check_proof(place, kept)
        check_image(kept, release)
        fields = {"seq": release.seq, "sha256": release.rules, "bundle": INSTALLED}
    if json:
        sys.stdout.write(json_text.dumps({"summary": fields}) + "\n")
        return
    sys.stdout.write(f"release:    {fields['seq'] or 'none: the starter bundle'}\n")
    sys.stdout.write(f"sha256:     {fields['sha256']}\n")


def info(paths: tuple[str, ...], *, strict: bool, json: bool) -> None:
    """Compile some sources, or load images, and say what came of it."""
    start = time.monotonic()
    rules = RuleChoice(paths, defaults=False, strict=strict)
    with Scanner(rules, ScanChoice(require="D")) as scanner:
        found = _fields(scanner, time.monotonic() - start)
    if json:
        sys.stdout.write(json_text.dumps(found) + "\n")
        return
    sys.stdout.writelines(line + "\n" for line in _lines(found))


def _fields(scanner: Scanner, seconds: float) -> dict[str, Any]:
    table = scanner.table
    kinds = Counter(rule.kind for rule in table.rules)
    names = Counter(rule.name for rule in table.rules)
    left = Counter(dict(table.left))
    for image in table.images:
        kinds.update(dict(image.kinds))
        left.update(dict(image.left))
    return {
        "sources": len(scanner.files),
        "rules": table.count,
        "kinds": dict(kinds),
        "unwanted": sum(image.unwanted for image in table.images),
        "duplicates": sum(count - 1 for count in names.values())
        + sum(image.duplicates for image in table.images),
        "skipped": scanner.skipped,
        "unusable": scanner.unusable(),
        "left_out": dict(left),
        "matcher": scanner.given.matcher or None,
        "exclusions": _excluded(scanner),
        "images": [_image(scanner, image) for image in table.images],
        "problems": [
            {
                "file": file.label,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
            }
            for file, problem in scanner.problems()
        ],
        "seconds": round(seconds, 3),
    }


def _excluded(scanner: Scanner) -> list[str]:
    """Names of rules here that the user has excluded."""
    scanner.exclusions.tell(lambda said: sys.stderr.write(f"clearward: {said}\n"))
    now = scanner.exclusions.now()
    if not now:
        return []
    return sorted({rule.name for rule in scanner.rules if rule.name in now})


def _image(scanner: Scanner, image: ImageRules) -> dict[str, Any]:
    """What an image was compiled from."""
    file = scanner.files[image.source]
    fields = ("name", "kind", "sha256", "count")
    return {
        "file": file.label,
        "size": file.size,
        "sha256": scanner.table.digests[image.source],
        "sources": [dict(zip(fields, row, strict=True)) for row in image.made_of],
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    counted = sorted(found["kinds"].items())
    counts = ", ".join(f"{count:,} {escaped(kind)}" for kind, count in counted)
    yield f"sources:    {found['sources']:,}"
    yield f"rules:      {found['rules']:,}" + (f" ({counts})" if counts else "")
    if found["unwanted"]:
        yield f"unwanted:   {found['unwanted']:,}, in force with --pua"
    yield f"same name:  {found['duplicates']:,}"
    for ending, count in sorted(found["skipped"].items()):
        yield f"skipped:    {count:,} files {escaped(ending)}"
    for what, count in sorted(found["left_out"].items()):
        yield f"left out:   {count:,} {escaped(what)}"
    for name in found["exclusions"]:
        yield f"excluded:   {name}, see clearward rules exclusions"
    yield f"unusable:   {found['unusable']:,}"
    for problem in found["problems"]:
        place = f"{problem['file']}:{problem['line']}:{problem['column']}"
        yield f"  {escaped(place)}: {escaped(str(problem['message']))}"
    for image in found["images"]:
        yield from _image_lines(image)
    if found["matcher"]:
        yield f"matcher:    {escaped(str(found['matcher']))}"
    done = "loaded" if found["images"] else "compiled"
    yield f"{done} in {found['seconds']:.2f} s"


def _image_lines(image: dict[str, Any]) -> Iterator[str]:
    size = f"{image['size'] / 1e6:,.1f} MB"
    yield f"image:      {escaped(image['file'])}, {size}, sha256 {image['sha256']}"
    for source in image["sources"]:
        digest = escaped(source["sha256"])
        yield f"  {source['count']:,} from {escaped(source['name'])}, sha256 {digest}"
