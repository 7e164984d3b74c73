"""A scan with ClamAV's databases, for tests, and lines to put into them."""

import hashlib
import time
from functools import partial

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.engine.signatures import Looker
from clearward.rules.compile import compile_rules
from clearward.rules.databases import compile_databases
from clearward.rules.source import Source
from support.programs import Pe

BODY = "Test.Body:0:*:" + b"hello world".hex()
PROGRAM = Pe(size=0x400, contents=((0x200, b"begin here"),)).build()


def digest_line(data: bytes, name: str = "Test.Digest") -> str:
    """A line of a list of digests (hdb, fp) that names one file."""
    made = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return f"{made}:{len(data)}:{name}\n"


class Scan:
    """A scan with some databases, each named by its kind."""

    def __init__(self, **databases: str) -> None:
        sources = [
            Source(number, f"a.{kind}", kind, "local", text.encode())
            for number, (kind, text) in enumerate(databases.items())
        ]
        rules, self.table = compile_rules(
            sources, test_file=False, databases=compile_databases
        )
        signatures = rules.signatures
        looker = partial(Looker, signatures) if signatures is not None else None
        self.engine = Engine(rules, Limits(), time.monotonic, looker)

    def __call__(self, data: bytes) -> Result:
        """The result for a file, with all its matches."""
        return self.engine.scan(Reader.of(data), every=True)

    def names(self, data: bytes) -> list[str]:
        """What is found in a file."""
        return [self.table.rules[number].name for number in self(data).rules]
