"""Behaviour of a repository; what attackers do to one is in tests/promises."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import files

from clearward.core.errors import Refused, Unavailable
from clearward.installing.carrier import Cut, Missing, TooLong
from clearward.installing.delta import Held
from clearward.installing.folder import FolderCarrier
from clearward.installing.refusal import Code, Untrusted
from clearward.installing.repository import Repository, carried
from clearward.stores.installed import seen
from clearward.stores.installed.place import Place
from clearward.stores.installed.trust import Trust


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Repositories:
    made = Repositories(tmp_path_factory.mktemp("published") / "one")
    made.add("One")
    made.add("Two")
    return made


@pytest.fixture
def repository(tmp_path: Path, publisher: Repositories) -> Iterator[Repository]:
    with closing(FolderCarrier(str(publisher.folder))) as carrier:
        place = Place(str(tmp_path))
        yield Repository(place, Trust.read(str(publisher.trust)), carrier)


def test_each_step_gives_what_the_next_one_needs(
    tmp_path: Path, publisher: Repositories, repository: Repository
) -> None:
    head = repository.head(time.time())
    assert head.size == 2
    assert seen.read(Place(str(tmp_path)), head.origin) == head
    proven = repository.proven(head)
    assert (proven.release.seq, proven.release.rules) == (2, repository.rules)
    whole = files(publisher.folder)
    assert proven.proof == whole["rules.tlog-proof"]
    assert b"".join(repository.image(None, Held())) == whole["rules.cwr"]
    assert repository.length == len(whole["rules.cwr"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Missing("a"), Code.UNREACHABLE),
        (Unavailable("a"), Code.UNREACHABLE),
        (Refused("a"), Code.UNREACHABLE),
        (TooLong("a"), Code.TAMPERED),
        (Cut("a"), Code.TAMPERED),
    ],
)
def test_what_goes_wrong_with_a_carrier_has_a_word(
    error: Exception, code: Code
) -> None:
    with pytest.raises(Untrusted) as caught, carried():
        raise error
    assert caught.value.code is code
