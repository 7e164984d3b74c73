"""The command `clearward`: how it starts, and how it can end.

A scan needs a zygote, which takes longer to load than everything else. So it is started
here, before the command line is read, and the rest is imported beside it.
"""

import gc
import os
import sys
from contextlib import redirect_stdout

from clearward.core.errors import ClearwardError
from clearward.faces.cli.output import named, one_line
from clearward.faces.text import escaped
from clearward.jail.launch import Kind, Launched
from clearward.stores.home import home
from clearward.stores.installed import link

MOST_MESSAGE = 500  # characters of an error line
FAILED = 2
IMAGE = ".cwr"
_COLLECT_AFTER = 50_000  # new objects; modules and files leave hardly any circles


def main() -> None:
    """Run the command line; every way it can end has its status and its line."""
    for stream in ("stdin", "stdout", "stderr"):
        if getattr(sys, stream) is None:  # it was closed before the start
            sys.exit(FAILED)
    gc.set_threshold(_COLLECT_AFTER)
    with redirect_stdout(named(sys.stdout)):
        status = _run()
    # Or the interpreter looks for circles in all that goes anyway, which takes 20 ms.
    gc.freeze()
    sys.exit(status)


def _run() -> int:
    zygote = None
    try:
        if sys.argv[1:2] == ["scan"]:
            zygote = Launched(kind_for(sys.argv))
            begin_digests(sys.argv)
        from clearward.faces.cli.commands import run

        status = run(zygote)
        with one_line():
            sys.stdout.flush()
    except ClearwardError as error:
        status = fail(str(error))
    except MemoryError:
        status = fail("out of memory")
    finally:
        if zygote is not None:
            zygote.end()
    return status


def kind_for(words: list[str]) -> Kind:
    """Guess what a scan needs: signatures come with --rules, images if installed, too.

    What they need takes 0.1 s to load, and what compiles them nearly as much again. A
    wrong guess costs time, and nothing else.
    """
    paths = _rules(words)
    if not paths:
        return Kind.IMAGES if _is_installed() else Kind.LIGHT
    images = all(path.lower().endswith(IMAGE) for path in paths)
    return Kind.IMAGES if images else Kind.SIGNATURES


def begin_digests(words: list[str]) -> None:
    """Begin to hash the images that are named; again, a wrong guess only costs time."""
    images = [path for path in _rules(words) if path.lower().endswith(IMAGE)]
    if images:
        from clearward.jail import image_digest

        image_digest.begin(images)


def _is_installed() -> bool:
    """Say whether there are installed rules; whether they are good is told later."""
    return os.path.lexists(link.current(home()))


def _rules(words: list[str]) -> list[str]:
    """Return what seems to be named by --rules."""
    return [
        word.partition("=")[2] or behind
        for word, behind in zip(words, (*words[1:], ""), strict=True)
        if word.startswith("--rules")
    ]


def fail(message: str) -> int:
    """Print one line; return the status that goes with it."""
    try:
        sys.stdout.flush()
    except OSError:
        # Nothing more can be written; keep the interpreter from trying at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    line = escaped(" ".join(message.split()))
    sys.stderr.write(f"clearward: {line}"[:MOST_MESSAGE] + "\n")
    return FAILED
