"""The recorded table of links (`phishtable`) as cases: a mail with a link for each row.

A row is a pattern of an allow list, if any, an address, what is shown for it, and what
ClamAV's own tests say of the pair. They use lists of hundreds of hosts; those that the
rows are about are enough. What they say of rows about .gdb, a list of Google's that is
no longer made, is left out.
"""

from typing import Any

HOSTS = ("key.com", "ebay.com", "ebay.de")
SPOOFED = "Heuristics.Phishing.Email.SpoofedDomain"
SECURE = "Heuristics.Phishing.Email.SSL-Spoof"
CLOAKED = "Heuristics.Phishing.Email.Cloaked.Null"
FOUND, BLOCKED = "RTR_PHISH", "RTR_BLOCKED"


def databases(row: dict[str, Any]) -> dict[str, bytes]:
    """The lists that a row is about, by name."""
    found = {"hosts.pdb": "".join(f"H:{host}\n" for host in HOSTS).encode()}
    if row["pattern"]:
        # A file has no slash at the end of a pattern: the reader adds it.
        found["row.wdb"] = f"X:{row['pattern'].removesuffix('/')}\n".encode()
    return found


def mail(row: dict[str, Any]) -> bytes:
    """A mail with the link of a row."""
    link = f'<a href="{row["realurl"]}">{row["displayurl"]}</a>'
    return (
        b"From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n"
        b"Content-Type: text/html\n\n<html><body>" + link.encode() + b"</body></html>\n"
    )


def expected(row: dict[str, Any]) -> frozenset[str] | None:
    """The names that are right, or None if the row is left out."""
    said = row["upstream_expected"]
    if said == BLOCKED:
        return None
    if said != FOUND:
        return frozenset()
    if "%00" in row["realurl"]:
        return frozenset({CLOAKED})
    return frozenset({SECURE if row["displayurl"].startswith("https:") else SPOOFED})
