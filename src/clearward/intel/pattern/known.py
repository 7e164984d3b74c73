"""Which paths lead to values of a known kind, and how such a value is written.

Source: STIX 2.1, sections 6.4 to 6.17, and ``hashes.toml``.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import Kind
from clearward.intel.pattern.tree import Literal, Path, Step

HASHES = "hashes"
_HEX = re.compile(r"[0-9A-Fa-f]+")
_VALUES = {
    "domain-name": (Kind.DOMAIN,),
    "url": (Kind.URL,),
    # An object of an address may be one of a network.
    "ipv4-addr": (Kind.IPV4, Kind.CIDR),
    "ipv6-addr": (Kind.IPV6, Kind.CIDR),
    "email-addr": (Kind.EMAIL,),
}
_DIGESTS = {
    "MD5": Kind.MD5,
    "SHA-1": Kind.SHA1,
    "SHA-256": Kind.SHA256,
    "SHA-512": Kind.SHA512,
}
_WHOLE = {"ipv4-addr": "/32", "ipv6-addr": "/128"}


def known_path(path: Path) -> Path:
    """Return a path in which a digest has the name that STIX has for it."""
    if HASHES not in path.steps[:-1]:
        return path
    steps: list[Step] = list(path.steps)
    for at in range(1, len(steps)):
        step = steps[at]
        if steps[at - 1] == HASHES and isinstance(step, str):
            steps[at] = _names().get(_bare(step), step)
    return Path(path.type, tuple(steps))


def known_value(path: Path, value: Literal) -> tuple[Kind, str] | None:
    """Return the value that an object has if a comparison says it is equal.

    Args:
        path: as `known_path` gives it.
        value: what it is compared with.
    """
    if not isinstance(value, str):
        return None
    if path.type == "file" and len(path.steps) == 2 and path.steps[0] == HASHES:  # noqa: PLR2004 - hashes and a name
        kind = _DIGESTS.get(str(path.steps[1]))
        written = canonical(kind, value) if kind else None
        return None if kind is None or written is None else (kind, written)
    if path.steps != ("value",):
        return None
    # One address with the length of a whole prefix is that address.
    value = value.removesuffix(_WHOLE.get(path.type, "/whole"))
    for kind in _VALUES.get(path.type, ()):
        written = canonical(kind, value)
        # What is said to be of one family stays of that family.
        if written is not None and _is_of(path.type, written):
            return kind, written
    return None


def one_way(path: Path, value: Literal) -> Literal:
    """Return the one way to write what a path is compared with for equality."""
    known = known_value(path, value)
    if known is not None:
        return known[1]
    if isinstance(value, str) and digits(path) and _HEX.fullmatch(value):
        return value.lower()
    return value


def digits(path: Path) -> int:
    """Return how many hexadecimal digits the digest at a path has; 0 if none is."""
    last = path.steps[-1]
    if len(path.steps) > 1 and path.steps[-2] == HASHES and isinstance(last, str):
        return _lengths().get(_names().get(_bare(last), last), 0)
    return 0


def _is_of(type: str, written: str) -> bool:
    return type not in _WHOLE or (":" in written) is (type == "ipv6-addr")


def _bare(name: str) -> str:
    return name.upper().replace("-", "").replace("_", "")


@cache
def _lengths() -> dict[str, int]:
    text = files("clearward.intel.pattern").joinpath("hashes.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _names() -> dict[str, str]:
    return {_bare(name): name for name in _lengths()}
