r"""What a document asks its reader to fetch. Only told to a person; nothing is fetched.

    OOXML    <Relationship TargetMode="External" Target="...">, but hyperlinks
    XML      <!ENTITY a SYSTEM "...">, <?xml-stylesheet href="..."?>, xsl:include,
             xlink:href="..." of anything but a hyperlink
    HTML     src, data, poster and background of any tag; href of links to files
    RTF      {\*\template ...}, fields that include or link
    PDF      actions that submit, go to or import from elsewhere, file specifications
    URL      URL= and IconFile= of a shortcut
    cards    ATTACH and PHOTO with an address

An address that counts has a scheme that fetches, or names a server: ``\\host\share``
or ``//host``. At most `MOST` are told, from the first `FRONT` bytes.
"""

import re
from collections.abc import Iterator

from clearward.core.kinds import family
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.narrow import narrow
from clearward.formats.normalise import entities

FRONT = 4 * MIB
MOST = 64

_FETCHED = re.compile(
    rb"\s*(?:(?:https?|ftps?|file|smb|dav|webdav|mhtml|ms-\w+|ldap|\\\\|//)"
    rb"(?::|(?=[\\/]))|\\\\|//)[^\s]",
    re.IGNORECASE,
)
_RELATION = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^<>]{0,2000}TargetMode\s*=\s*[\"']External)"
    rb"(?![^<>]{0,2000}/hyperlink[\"'])[^<>]{0,2000}?\bTarget\s*=\s*[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    rb"<!ENTITY\s[^<>]{1,300}?(?:SYSTEM|PUBLIC\s+[\"'][^\"']{0,300}[\"'])\s+"
    rb"[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_SHEET = re.compile(
    rb"<(?:\?xml-stylesheet|xsl:(?:include|import)|xi:include)\b[^<>]{0,500}?"
    rb"\bhref\s*=\s*[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_XLINK = re.compile(
    rb"<(?!text:a\b|a\b|\w+:a\b)[\w:-]{1,60}\s[^<>]{0,2000}?\b(?:xlink:)?href\s*=\s*"
    rb"[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    rb"<[\w:-]{1,40}\s[^<>]{0,2000}?\b(?:src|data|poster|background|codebase)\s*=\s*"
    rb"[\"']?([^\s\"'<>]+)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rb"\\\*\s*\\template\s+([^{}]{1,1000})|(?:INCLUDEPICTURE|INCLUDETEXT|LINK|DDEAUTO|"
    rb"DDE|IMPORT)\s+(?:\\\w+\s+){0,4}[\"']?([^\"'{}\s]{1,1000})",
    re.IGNORECASE,
)
_ACTION = re.compile(
    rb"/(?:URI|F|UF|URL|Launch|SubmitForm)\s{0,8}(?:<<[^<>]{0,200}/F\s{0,8})?\(([^()]{1,1000})\)"
)
_SHORTCUT = re.compile(
    rb"^(?:URL|IconFile|BASEURL)\s*=\s*(\S.*?)\s*$", re.MULTILINE | re.IGNORECASE
)
_CARD = re.compile(
    rb"^(?:ATTACH|PHOTO|LOGO|SOUND|URL)(?:;[^:\r\n]{0,300})?:(\S+)",
    re.MULTILINE | re.IGNORECASE,
)
_XML = (_RELATION, _SYSTEM, _SHEET, _XLINK)
_HTML = (_SOURCE, _XLINK, _SYSTEM)
_BY_KIND = {
    "html": _HTML,
    "xhtml": _HTML,
    "hta": _HTML,
    "wsf": _HTML,
    "sct": _HTML,
    "svg": (_XLINK, _SOURCE, _SYSTEM, _SHEET),
    "rtf": (_FIELD,),
    "pdf": (_ACTION,),
    "url": (_SHORTCUT,),
    "ical": (_CARD,),
    "vcard": (_CARD,),
    "cards": (_CARD,),
}
_LIKE_XML = frozenset(("xml", "flatxml", "osm", "rss", "xslt", "wsdl", "plist"))


def is_fetched(target: bytes) -> bool:
    """Say whether an address has a scheme that fetches, or names a server."""
    return _FETCHED.match(target) is not None


def links(kind: str, head: bytes, reader: Reader) -> Iterator[bytes]:
    """Yield what a part of a kind asks for, each address once.

    Args:
        kind: a word of `core.kinds`.
        head: the front of the part.
        reader: the whole part.
    """
    expressions = _BY_KIND.get(kind, ())
    if not expressions and (kind in _LIKE_XML or _is_markup(kind, head)):
        expressions = _XML
    if not expressions:
        return
    text = narrow(reader.at(0, FRONT))
    seen: set[bytes] = set()
    for expression in expressions:
        for found in expression.finditer(text):
            target = entities.decode(next(filter(None, found.groups()), b"")).strip()
            if is_fetched(target) and target not in seen and len(seen) < MOST:
                seen.add(target)
                yield target


def _is_markup(kind: str, head: bytes) -> bool:
    """Say whether text begins with a tag that was not recognised further."""
    return (
        family(kind) == "text" and head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    )
