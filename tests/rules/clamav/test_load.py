"""Behaviour of databases that are loaded together."""

import hashlib
import itertools

import pytest
from support.clamav_signing import container

from clearward.rules.clamav.load import Databases
from clearward.rules.source import Source

BODY = "Test.Body:0:*:616263646566"
OTHER = "Test.Body:0:*:313233343536"
DIGEST = "0" * 32 + ":7:Test.Digest"
MEMBER = "Test.Member:*:*:a:*:*:*:*:*:*"


def load(**texts: str) -> Databases:
    sources = [
        Source(number, f"a.{kind}", kind, "local", f"{text}\n".encode())
        for number, (kind, text) in enumerate(texts.items())
    ]
    return Databases(sources, unwanted=False)


def names(read: Databases) -> list[str]:
    found = [getattr(item, "name", "link") for item in read.signatures]
    return found + [item.name for item in read.digests()]


def md5(line: str) -> str:
    return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest()


def test_signatures_of_all_kinds_are_loaded() -> None:
    read = load(ndb=BODY, hdb=DIGEST, cdb=MEMBER)
    assert names(read) == ["Test.Body", "Test.Member", "Test.Digest"]
    assert read.origins == {"Test.Body": 0, "Test.Digest": 1, "Test.Member": 2}
    assert not read.problems
    assert not read.left


@pytest.mark.parametrize(
    "order", list(itertools.permutations(("ndb", "hdb", "cdb", "ign2")))
)
def test_what_is_ignored_is_left_out_and_counted_in_any_order(
    order: tuple[str, ...],
) -> None:
    ignored = f"Test.Body:{md5(BODY)}\nTest.Digest\nTest.Member:{md5(MEMBER)}"
    texts = {"ndb": BODY, "hdb": DIGEST, "cdb": MEMBER, "ign2": ignored}
    read = load(**{kind: texts[kind] for kind in order})
    assert names(read) == []
    assert sum(read.left.values()) == 3


def test_a_digest_means_only_the_line_that_it_is_of() -> None:
    read = load(ndb=f"{BODY}\n{OTHER}", ign2=f"Test.Body:{md5(BODY)}")
    (kept,) = read.signatures
    assert kept.line == 2
    both = f"Test.Body:{md5(BODY)}\nTest.Body:{md5(OTHER)}"
    assert names(load(ndb=f"{BODY}\n{OTHER}", ign2=both)) == []
    assert names(load(ndb=BODY, ign2=f"Test.Body:{md5(OTHER)}")) == ["Test.Body"]


def test_a_digest_of_a_line_holds_in_lists_of_digests() -> None:
    assert names(load(hdb=DIGEST, ign2=f"Test.Digest:{md5(DIGEST)}")) == []
    assert names(load(hdb=DIGEST, ign2=f"Test.Digest:{md5(BODY)}")) == ["Test.Digest"]


def test_the_same_name_may_stand_twice() -> None:
    assert names(load(ndb=f"{BODY}\n{OTHER}")) == ["Test.Body", "Test.Body"]
    assert names(load(ndb=f"{BODY}\n{OTHER}", ign="Test.Body")) == []


@pytest.mark.parametrize("line", [BODY, OTHER])
def test_a_digest_means_a_line_inside_of_a_container(line: str) -> None:
    texts = [
        ("a.ndb", f"{BODY}\n".encode()),
        ("b.ign2", f"Test.Body:{md5(line)}\n".encode()),
    ]
    packed = Source(0, "a.cud", "cud", "local", container("cud", *texts))
    read = Databases([packed], unwanted=False)
    assert names(read) == ([] if line == BODY else ["Test.Body"])
    assert not read.problems
