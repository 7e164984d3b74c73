"""Use every library once before the lock, so that nothing is loaded lazily behind it.

A library that imports, opens a locale file or starts a thread on its first use works
here and would be refused or killed in a worker. What is used here once has been seen to
work there; a test runs every format in a worker and names the call if one is killed.
"""

import bz2
import gzip
import hashlib
import lzma
import os
import zlib
from io import BytesIO

import yara_x

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.engine.scan import Engine
from clearward.formats import heavy as libraries
from clearward.formats import opened
from clearward.rules.ruleset import RuleSet

_SEED = b"warm-up"


def warm_up(*, heavy: bool) -> None:
    """Scan one small sample of each kind.

    Args:
        heavy: the heavy libraries are to be used as well.
    """
    if heavy:
        libraries.load()
        opened.load()
        _look_at_pictures()
    compiler = yara_x.Compiler()
    compiler.add_source('rule warm { strings: $a = "warm" condition: $a }')
    yara_x.Scanner(compiler.build()).scan(_SEED)
    for algorithm in ("md5", "sha1", "sha256"):
        hashlib.new(algorithm, _SEED, usedforsecurity=False).digest()
    engine = Engine(RuleSet(None, (), None), Limits(), lambda: 0.0)
    for sample in _samples():
        engine.scan(Reader.of(sample))


def yara_version() -> str:
    """Return the version of yara-x that is installed; empty if that is not known.

    It is taken from the name of the folder that the installer made beside the library,
    since asking the standard library for it takes 20 ms.
    """
    place = os.path.dirname(os.path.dirname(yara_x.__file__))
    for name in sorted(os.listdir(place)):
        if name.startswith("yara_x-") and name.endswith(".dist-info"):
            return name.removeprefix("yara_x-").removesuffix(".dist-info")
    return ""


def _samples() -> list[bytes]:
    # The usual levels clear tens of megabytes for a few bytes, which takes 12 ms.
    return [
        gzip.compress(_SEED),
        bz2.compress(_SEED, compresslevel=1),
        lzma.compress(_SEED, preset=0),
        zlib.compress(_SEED),
    ]


def _look_at_pictures() -> None:
    """Decode a small picture of each type."""
    from clearward.formats.pictures import grey  # noqa: PLC0415 - as its library

    small = libraries.library("PIL").Image.new("RGB", (3, 2))
    for kind, (module, _, _) in grey.READERS.items():
        out = BytesIO()
        small.save(out, module.removesuffix("ImagePlugin").upper())
        grey.look(out.getvalue(), kind)
