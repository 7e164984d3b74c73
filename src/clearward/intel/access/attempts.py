"""A limit on wrong passwords, for a name and for an address.

More than ten wrong ones in a minute, and nobody gets in under that name or from that
address until the minute is over, with the right password neither.
"""

import ipaddress
import threading
from collections import OrderedDict

MOST = 10  # wrong passwords
WINDOW = 60.0  # seconds
_REMEMBERED = 100_000  # names and addresses


class Attempts:
    """Counts wrong passwords."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name: str, address: str, now: float) -> float:
        """Return for how many seconds nobody gets in; 0 if he may try.

        Args:
            name: that is given.
            address: where the request comes from.
            now: seconds that only grow.
        """
        with self._lock:
            waits = []
            for key in _keys(name, address):
                times = [one for one in self._wrong.get(key, ()) if one > now - WINDOW]
                if len(times) > MOST:
                    waits.append(times[-MOST - 1] + WINDOW - now)
            return max(waits, default=0.0)

    def wrong(self, name: str, address: str, now: float) -> None:
        """Count a wrong password."""
        with self._lock:
            for key in _keys(name, address):
                times = self._wrong.setdefault(key, [])
                times.append(now)
                del times[: -MOST - 1]
                self._wrong.move_to_end(key)
            while len(self._wrong) > _REMEMBERED:
                self._wrong.popitem(last=False)


def _keys(name: str, address: str) -> tuple[str, str]:
    """A name, and an address: of IPv6 the network that one customer has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"name:{name}", f"address:{address}"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        network = ipaddress.ip_network((parsed, 64), strict=False)
        return f"name:{name}", f"address:{mapped or network}"
    return f"name:{name}", f"address:{parsed}"
