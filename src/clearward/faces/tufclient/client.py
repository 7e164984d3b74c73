"""What `clearward-tuf-client` does."""

import os
from contextlib import ExitStack
from dataclasses import dataclass

from tuf.ngclient import Updater

from clearward.core.errors import Refused
from clearward.egress.ledger import Ledger
from clearward.installing.carrier import Carrier
from clearward.installing.fetcher import CarrierFetcher
from clearward.installing.web import WebCarrier
from clearward.stores.durable import write_all
from clearward.stores.new_file import new_file

_MOST_ROOT = 512_000  # bytes
_SECONDS = 3600.0  # whoever tests it ends it


@dataclass(frozen=True, slots=True)
class Targets:
    """What is downloaded.

    Attributes:
        names: of targets.
        address: that all of them stand below.
        folder: where they are put.
    """

    names: list[str]
    address: str | None
    folder: str | None


def begin(folder: str, root: str) -> None:
    """Keep the metadata that everything begins with.

    Raises:
        OSError: they cannot be read.
        Unavailable: they cannot be written.
    """
    with open(root, "rb") as file:
        data = file.read(_MOST_ROOT)
    os.makedirs(folder, exist_ok=True)
    with new_file(os.path.join(folder, "root.json")) as descriptor:
        write_all(descriptor, data)


def refresh(folder: str, address: str | None, targets: Targets | None) -> None:
    """Bring metadata up to date, and download targets.

    Args:
        folder: of the metadata.
        address: that they stand below.
        targets: None for metadata alone.

    Raises:
        Refused: an option is missing or is no address, or there is no such target.
        RepositoryError: something is not to be believed.
        DownloadError: something is not there.
        OSError: something cannot be written.
    """
    if address is None:
        raise Refused("--metadata-url is missing")
    with ExitStack() as stack:
        carriers = _Carriers(stack, os.environ.get("CLEARWARD_HOME") or folder)
        updater = Updater(
            folder,
            address,
            targets.folder if targets else None,
            targets.address if targets else None,
            CarrierFetcher(carriers.split),
            bootstrap=None,
        )
        updater.refresh()
        if targets is not None:
            _download(updater, targets)


def _download(updater: Updater, targets: Targets) -> None:
    if targets.address is None or targets.folder is None or not targets.names:
        raise Refused("--target-name, --target-base-url and --target-dir are needed")
    for name in targets.names:
        found = updater.get_targetinfo(name)
        if found is None:
            raise Refused(f"{name}: there is no such target")
        if updater.find_cached_target(found) is None:
            updater.download_target(found)


class _Carriers:
    """Connections to the servers that files come from, each made once."""

    def __init__(self, stack: ExitStack, home: str) -> None:
        self._stack = stack
        self._ledger = Ledger(home)
        self._known: dict[str, Carrier] = {}

    def split(self, url: str) -> tuple[Carrier, str]:
        scheme, _, rest = url.partition("://")
        host, _, name = rest.partition("/")
        front = f"{scheme}://{host}/"
        if front not in self._known:
            web = WebCarrier(front, self._ledger, _SECONDS)
            self._known[front] = self._stack.enter_context(web)
        return self._known[front], name
