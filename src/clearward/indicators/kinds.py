"""The kinds of indicators that have one way to be written.

The words are those that every command prints as ``type``.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a value is; its text is what people and programs see."""

    DOMAIN = "domain"
    URL = "url"
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    CIDR = "cidr"
    IPPORT = "ipport"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"
    CVE = "cve"


# Hexadecimal digits tell which digest it is.
DIGESTS = {32: Kind.MD5, 40: Kind.SHA1, 64: Kind.SHA256, 128: Kind.SHA512}

DIGEST_KINDS = frozenset(DIGESTS.values())
ADDRESS_KINDS = frozenset({Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.IPPORT})
