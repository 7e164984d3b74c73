"""The pattern and the id of an indicator, made from its value alone.

The same value gives the same pattern and the same id, here and wherever ids are made
as OpenCTI makes them: a UUIDv5 of the pattern in canonical JSON, in the namespace that
STIX has for its own deterministic ids (STIX 2.1, section 2.9).
"""

import hashlib
import uuid
from json import dumps

from clearward.indicators.kinds import Kind

_NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7").bytes

_FORMS = {
    Kind.DOMAIN: "[domain-name:value = '{}']",
    Kind.URL: "[url:value = '{}']",
    Kind.IPV4: "[ipv4-addr:value = '{}']",
    Kind.IPV6: "[ipv6-addr:value = '{}']",
    Kind.EMAIL: "[email-addr:value = '{}']",
    Kind.MD5: "[file:hashes.MD5 = '{}']",
    Kind.SHA1: "[file:hashes.'SHA-1' = '{}']",
    Kind.SHA256: "[file:hashes.'SHA-256' = '{}']",
    Kind.SHA512: "[file:hashes.'SHA-512' = '{}']",
}


def pattern(kind: Kind, value: str) -> str:
    """Return the STIX pattern of a canonical value.

    Raises:
        KeyError: a vulnerability, which is no pattern.

    Source: STIX 2.1, section 9.
    """
    if kind is Kind.CIDR:
        family = "ipv6-addr" if ":" in value else "ipv4-addr"
        return f"[{family}:value ISSUBSET '{value}']"
    if kind is Kind.IPPORT:
        address, _, port = value.rpartition(":")
        family = "ipv6-addr" if address.startswith("[") else "ipv4-addr"
        said = f"network-traffic:dst_ref.type = '{family}' AND "
        said += f"network-traffic:dst_ref.value = '{address.strip('[]')}' AND "
        return f"[{said}network-traffic:dst_port = {port}]"
    return _FORMS[kind].format(value.replace("\\", "\\\\").replace("'", "\\'"))


def indicator_id(written: str) -> str:
    """Return the id of the indicator that has a pattern."""
    text = dumps({"pattern": written}, separators=(",", ":"), ensure_ascii=False)
    digest = bytearray(hashlib.sha1(_NAMESPACE + text.encode()).digest()[:16])  # noqa: S324 - RFC 9562, section 5.5
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    hex = digest.hex()
    return f"indicator--{hex[:8]}-{hex[8:12]}-{hex[12:16]}-{hex[16:20]}-{hex[20:]}"
