"""Passwords that are tried on what is encrypted.

In this order: those that the person gave, those that stand in the mail around the
archive, and a short list that everybody knows. What none of them opens stays locked.

What is known of a mail is put in place while its parts are looked at (`around`), since
an archive in it is opened in the midst of that. It is only asked for then.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

MOST_GIVEN = 20
MOST_WORDS = 32  # of one mail
MOST_MAILS = 2  # around each other
LONGEST = 64  # bytes of a word
NEAR = 120  # bytes behind a telling word that are looked at
LOOKED_AT = 64 * 1024  # bytes of a mail

TELLING = re.compile(
    rb"(?i)(?:pass(?:word|wort|code|phrase|e)?|pwd|kennwort|contrase\S{1,6}a|senha"
    rb"|mot de passe|has[\xc5\xb3l\xc2o=82]{1,9}o|\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe"
    rb"\xd0\xbb\xd1\x8c|\bcode|\bpin|\bkey)\b"
)
WORD = re.compile(rb"[^\s\"'<>\xab\xbb]{3,%d}" % LONGEST)
AROUND = b".,;:!?()[]{}*`"  # what stands around a word and may be no letter of it

with open(f"{__file__.removesuffix('.py')}.txt", "rb") as file:
    COMMON = tuple(
        line.strip() for line in file if line.strip() and not line.startswith(b"#")
    )

_given: list[bytes] = []
_mails: list[Callable[[], tuple[bytes, ...]]] = []


def give(passwords: Sequence[str]) -> None:
    """Put the person's own passwords in front, instead of those given before.

    Raises:
        ValueError: more than `MOST_GIVEN`.
    """
    if len(passwords) > MOST_GIVEN:
        raise ValueError(f"{len(passwords)} passwords, at most {MOST_GIVEN}")
    _given[:] = [password.encode(errors="surrogateescape") for password in passwords]


@contextmanager
def around(words: Callable[[], tuple[bytes, ...]]) -> Iterator[None]:
    """Let words of a mail be tried on what is in it; they are asked for if needed."""
    _mails.append(words)
    try:
        yield
    finally:
        _mails.pop()


def candidates() -> tuple[bytes, ...]:
    """Return what to try, the likeliest first, each once."""
    heard = chain.from_iterable(words() for words in reversed(_mails[-MOST_MAILS:]))
    return tuple(dict.fromkeys(chain(_given, heard, COMMON)))


def words(text: bytes) -> tuple[bytes, ...]:
    """Return words of a mail that may be a password: those behind a telling word."""
    found: dict[bytes, None] = {}
    for telling in TELLING.finditer(text, 0, LOOKED_AT):
        for word in WORD.finditer(text, telling.end(), telling.end() + NEAR):
            found.setdefault(word[0].strip(AROUND))
            found.setdefault(word[0])
        if len(found) >= MOST_WORDS:
            break
    return tuple(word for word in found if word)[:MOST_WORDS]
