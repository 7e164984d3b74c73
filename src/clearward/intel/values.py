"""What an object stands for: the values of an indicator or an observable."""

import re
from collections.abc import Iterator, Mapping

from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import Kind
from clearward.intel.pattern.values import values

_OBSERVABLES = {
    "domain-name": Kind.DOMAIN,
    "url": Kind.URL,
    "ipv4-addr": Kind.IPV4,
    "ipv6-addr": Kind.IPV6,
    "email-addr": Kind.EMAIL,
}
_DIGESTS = {
    "MD5": Kind.MD5,
    "SHA-1": Kind.SHA1,
    "SHA1": Kind.SHA1,
    "SHA-256": Kind.SHA256,
    "SHA256": Kind.SHA256,
    "SHA-512": Kind.SHA512,
    "SHA512": Kind.SHA512,
}
_SIMPLE = re.compile(
    r"\s*\[\s*([a-z0-9-]+):(value|hashes\.(?:'([^'\\]+)'|([A-Za-z0-9_]+)))"
    r"\s*(=|ISSUBSET)\s*'((?:[^'\\]|\\.)*)'\s*\]\s*"
)
_ESCAPED = re.compile(r"\\(.)")


def values_of(
    type: str, pattern: str | None, value: str | None, hashes: Mapping[str, str]
) -> tuple[tuple[Kind, str], ...]:
    """Return the canonical values that an object stands for; none for most."""
    if type == "indicator":
        found = _of_pattern(pattern or "")
    elif type == "file":
        found = _of_hashes(hashes)
    else:
        found = _of_observable(type, value)
    return tuple(dict.fromkeys(found))


def _of_observable(type: str, value: str | None) -> Iterator[tuple[Kind, str]]:
    kind = _OBSERVABLES.get(type)
    if kind is None or value is None:
        return
    kinds = (kind, Kind.CIDR) if kind in {Kind.IPV4, Kind.IPV6} else (kind,)
    for one in kinds:
        written = canonical(one, value)
        if written is not None:
            yield one, written
            return


def _of_hashes(hashes: Mapping[str, str]) -> Iterator[tuple[Kind, str]]:
    for name, digest in hashes.items():
        kind = _DIGESTS.get(name.upper())
        written = canonical(kind, digest) if kind else None
        if kind is not None and written is not None:
            yield kind, written


def _of_pattern(pattern: str) -> Iterator[tuple[Kind, str]]:
    found = _SIMPLE.fullmatch(pattern)
    if found is None:
        yield from values(pattern)
        return
    type, _, quoted, plain, operator, text = found.groups()
    text = _ESCAPED.sub(r"\1", text)
    if type == "file":
        yield from _of_hashes({quoted or plain or "": text} if operator == "=" else {})
    elif operator == "ISSUBSET" and type in {"ipv4-addr", "ipv6-addr"}:
        written = canonical(Kind.CIDR, text)
        if written is not None:
            yield Kind.CIDR, written
    elif operator == "=":
        yield from _of_observable(type, text)
