"""Tell language from code among the strings of rules: words, document, or code.

words      what people write: names, code words, sentences, addresses, file numbers
document   what only says that a file is a document: its magic, its members
code       everything else; malware is found by that
"""

import re
from enum import Enum
from functools import cache

from clearward.rules.lexer import String
from clearward.rules.lint.patterns import hexadecimal, plain, regex

_MOST = 4000  # characters of a text that is looked at


class Said(Enum):
    """What a string is made of."""

    WORDS = "words"
    DOCUMENT = "document"
    CODE = "code"


_DOCUMENT = re.compile(
    r"%?pdf-?(?:\d\.?\d?)?|%%eof|\{\\rtf\d?|word/(?:document\.xml)?|xl/(?:workbook\.xml)?"
    r"|ppt/(?:presentation\.xml)?|docprops/\w*(?:\.xml)?|\[content_types\]\.xml"
    r"|mimetype(?:application/)?|content\.xml|meta\.xml|worddocument|workbook"
    r"|powerpoint document|\\?\.?(?:docx?|xlsx?|pptx?|od[tsp]|pdf|rtf|eml|msg|pst)"
    r"|application/(?:pdf|msword|rtf|vnd\.o[a-z.-]+)|pk\x03\x04.{0,30}"
    r"|\xd0\xcf\x11\xe0(?:\xa1\xb1\x1a\xe1)?"
    r"|microsoft (?:office )?(?:word|excel|powerpoint)"
    r"(?: document)?|_rels/\.rels|/?type ?/page|/?flatedecode|endobj|endstream"
    r"|mime-version:?|content-type: text/plain|opendocument"
    r"|urn:oasis:names:tc:opendocument.{0,40}",
    re.DOTALL,
)
# What stands around the words of a document, in its own format.
_AROUND = re.compile(
    r"</?(?:w|a|dc|cp|dcterms|text|office|meta|x|p):\w+(?: [^<>$&]{0,99})?/?(?:>|$)"
    r"|</?(?:p|t|si|title|h[1-6])>"
    r"|/(?:author|title|subject|keywords|creator|producer|company)\s*\(?|\)$"
    r"|^(?:from|to|cc|subject|reply-to|sender|organization): *",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Case changes only at the front of a word; a number stands by itself, or with signs.
_WORD = r"(?:[^\W\d_][^\W\d_A-Z]{1,}|[^\W\d_a-z]{2,}|[^\W\d_])(?:['\u2019-][^\W\d_]+)*"
_BETWEEN = (
    r"(?:[.,:;!?]?[ \t\r\n]{1,2}|[/\u2013-]|[ ][/&\u2013\u2014-][ ]"
    r"|[ ][\"'(]|[\"')][ ])"
)
_WORDS = re.compile(
    rf"[\s\"'(\[]*(?:{_WORD}|\d+)(?:{_BETWEEN}(?:{_WORD}|\d[\d./-]*))*[\s.!?:,)\]'\"]*"
)
# How files are numbered: words, then numbers with signs that no version has.
_NUMBER = re.compile(
    r"(?:[^\W\d_]{1,8}[ .:-]{1,2}){1,3}\d{1,6}(?:[ /-]{1,2}\d{1,6}){1,4}"
    r"(?:-?[A-Z]{1,4})?"
)
_LONG = re.compile(r"[^\W\d_]{4,}|[\u2e80-\ud7ff]{2,}")
_TECHNICAL = re.compile(
    r"\b(?:admin\w*|agent|alloc\w*|archive|ascii|audit\w*|backdoor\w*|bind|boot\w*|browser"
    r"|buffer|bytes?|caches?|cached|callback|certutil|class|client|code[cdr]?|command\w*|config\w*"
    r"|connect\w*|console|cookies?|copyright|corporation|cracked|credentials?|crypto\w*"
    r"|data|daemon|debug\w*|decrypt\w*|default|dll|domain|dns|dos|download\w*|driver|dump\w*|elevated|elif"
    r"|enable|encod\w+|encrypt\w*|error|exe|exec\w*|exfil|expl\w+|fail\w*|files?|firewalls?|folder|format"
    r"|function|hack\w*|handle|hash\w*|hex|hidden|hook|hosts?|hostname|http\w*|icmp|implants?|import|index"
    r"|inject\w*|input|install\w*|invalid|invoke|ips?|irc|java\w*|kernel|key(?:board|log\w*)"
    r"|lan|library|linux|listen\w*|load\w*|local|log(?:in|s|ging)?|lsass|mac|macro|mal\w*|manager"
    r"|memory|motherboard|microsoft|miner|modules?|mozilla|mutex|net|network|obfusc\w*|open|output"
    r"|packet|params?|parameter\w*|passw\w+|patch\w*|payload\w*|php|ping|pipe|plugin"
    r"|port(?:s|scan\w*)?|priv\w+|process\w*|proxy|query|ransom\w*|recv|registry|remote"
    r"|reverse|root\w*|runtime|scan\w*|script\w*|select|send|servers?|service\w*|session"
    r"|shell\w*|sniff\w*|socket\w*|source|spam\w*|spoof\w*|spy\w*|sql|ssh|stack|string"
    r"|svc\w*|sys\w*|target\w*|tasks?|tcp|telnet|temp|test\w*|timeout|thread\w*|tool\w*|trojan"
    r"|tunnel\w*|udp|upload\w*|urls?|usage|users?|version|virus\w*|vpn|webshell\w*|windows?"
    r"|wow|xor|zip)\b",
    re.IGNORECASE,
)


def said(string: String) -> Said:
    """Say what a string of a rule is made of."""
    return of_text(_text(string))


@cache
def of_text(text: str) -> Said:
    """Say what a text is made of."""
    short = text.strip()
    if _DOCUMENT.fullmatch(short.casefold()):
        return Said.DOCUMENT
    inner = _AROUND.sub(" ", short).strip()
    if _NUMBER.fullmatch(inner):
        return Said.WORDS
    if not inner:
        return Said.DOCUMENT if short else Said.CODE
    if not _LONG.search(inner[:_MOST]):
        return Said.CODE
    inner = inner[:_MOST]
    if _TECHNICAL.search(inner):
        return Said.CODE
    is_words = _ADDRESS.fullmatch(inner) or _WORDS.fullmatch(inner)
    return Said.WORDS if is_words else Said.CODE


def is_name(string: String) -> bool:
    """Say whether words are more than one, or written like a name."""
    text = _text(string).strip()
    return not text.isascii() or " " in text or text[:1].isupper() or "@" in text


def _text(string: String) -> str:
    """Return the text of a string, as far as it is one."""
    if string.text.startswith('"'):
        return plain(string.text.strip('"'))
    if string.text.startswith("/"):
        return regex(string.text[1 : string.text.rindex("/")])
    data = hexadecimal(string.text)
    if None in data:
        return ""
    shown = "".join(chr(one or 0) for one in data)
    if len(shown) > 1 and not shown[1::2].strip("\0"):
        shown = shown[::2]
    if shown.isascii():
        return shown
    return _decoded(shown)


def _decoded(shown: str) -> str:
    """Return bytes that are UTF-8 as text, and others as they are."""
    try:
        return shown.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return shown
