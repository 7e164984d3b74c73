"""Which carrier a word on the command line means."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

from clearward.egress.ledger import Ledger
from clearward.egress.tls import Trust
from clearward.installing.archive import ArchiveCarrier
from clearward.installing.carrier import Carrier
from clearward.installing.folder import FolderCarrier
from clearward.installing.web import WebCarrier


@contextmanager
def opened(
    source: str, home: str, seconds: float, tls_keys: str = ""
) -> Iterator[Carrier]:
    """Give the carrier of a repository.

    Args:
        source: an address, a folder or an archive.
        home: where the ledger is.
        seconds: that a server may take for everything but the rules.
        tls_keys: file that keys of sessions are added to; empty for none.

    Raises:
        Refused: an address that is none.
        Unavailable: it cannot be opened.
        Cut: an archive that is none.
    """
    if "://" in source:
        with WebCarrier(source, Ledger(home), seconds, Trust(keys=tls_keys)) as web:
            yield web
    elif os.path.isdir(source):
        with closing(FolderCarrier(source)) as folder:
            yield folder
    else:
        with closing(ArchiveCarrier(source)) as archive:
            yield archive
