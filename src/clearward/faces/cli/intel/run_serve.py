"""What `clearward intel serve` does."""

from clearward.core.errors import Refused
from clearward.faces.taxii.application import Settings
from clearward.faces.taxii.server import serve
from clearward.service.listening import parse_address
from clearward.stores.intel.database import Database


def run(listen: str, page: int) -> int:
    """Serve until a signal ends it; return the exit status.

    Raises:
        Refused: it is no address, or cannot be listened on.
    """
    address = parse_address(listen)
    if address.path:
        raise Refused(f"{listen!r} is not an address: tcp:HOST:PORT")
    database = Database()
    try:
        return serve(address, database, Settings(page=page))
    finally:
        database.close()
