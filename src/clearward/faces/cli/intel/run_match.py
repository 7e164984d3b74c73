"""What `clearward intel match` does."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import BinaryIO

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.hunting.matching import Hit, Matcher
from clearward.stores.intel.database import Database

FOUND = 1
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")
_STANDARD = "-"


def run(files: Sequence[str], *, json: bool) -> int:
    """Look for indicators in files; return the exit status.

    Raises:
        Refused: a file cannot be read, or is packed.
    """
    start = time.monotonic()
    lines = hits = gated = 0
    with ExitStack() as stack:
        opened = [(path, stack.enter_context(_opened(path))) for path in files]
        matcher = Matcher(stack.enter_context(Database().reading()))
        for path, file in opened:
            for hit in matcher.lines(file):
                if hit is None:
                    lines += 1
                    continue
                hits += hit.gated is None
                gated += hit.gated is not None
                _show(path, hit, json=json)
                if path == _STANDARD:
                    sys.stdout.flush()
    seconds = round(time.monotonic() - start, 3)
    fields = {"lines": lines, "hits": hits, "gated": gated, "seconds": seconds}
    words = f"{lines:,} lines in {seconds} s: {hits:,} hits, {gated:,} gated"
    summary(fields, words, json=json)
    return FOUND if hits else 0


def _opened(path: str) -> BinaryIO:
    if path == _STANDARD:
        return sys.stdin.buffer
    try:
        file = open(path, "rb")  # noqa: SIM115 - the caller closes it
        head = file.read(len(_PACKED[-1]))
        file.seek(0)
    except OSError as error:
        raise Refused(
            f"{escaped(path)}: it cannot be read: {error.strerror}"
        ) from error
    if head.startswith(_PACKED):
        file.close()
        said = "it is packed: unpack it and give it as -, such as zstd -dc"
        raise Refused(f"{escaped(path)}: {said}")
    return file


def _show(path: str, hit: Hit, *, json: bool) -> None:
    told: dict[str, object] = {
        "file": path,
        "line": hit.line,
        "type": hit.kind.value,
        "value": hit.value,
        "seen": hit.seen,
        "indicator": hit.indicator,
    }
    if hit.gated is not None:
        told["gated"] = hit.gated
    if json:
        row(told)
        return
    said = f"{escaped(path)}:{hit.line}: {hit.kind.value} {escaped(hit.value)}"
    if hit.seen != hit.value:
        said += f" (seen: {escaped(hit.seen)})"
    say(said + (f" gated: {escaped(hit.gated)}" if hit.gated else ""))
