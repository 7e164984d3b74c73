"""What comes of archives of rules: sources for the compiler, or a reason."""

import pytest
from support.rule_archives import RULE, opened, rule_tgz, rule_zip

from clearward.jail.rule_archive import READERS, unpacked
from clearward.jail.sources import ARCHIVES
from clearward.rules.source import Source

WRITERS = {"yara-zip": rule_zip, "yara-tar": rule_tgz}


def test_every_kind_of_archive_has_a_reader() -> None:
    assert set(READERS) == set(ARCHIVES.values())


@pytest.mark.parametrize("kind", sorted(READERS))
def test_members_are_sources_of_the_number_and_origin_of_the_archive(kind: str) -> None:
    data = WRITERS[kind]([("b.yar", RULE), ("LICENSE", b""), ("a.yar", RULE * 2)])
    source = unpacked(Source(7, "x", kind, "bundle", data))
    assert (source.kind, source.text, source.member) == ("yara", data, "")
    assert source.archive is not None
    assert source.archive.others == 1
    assert source.archive.members == (
        Source(7, "x", "yara", "bundle", RULE * 2, member="a.yar"),
        Source(7, "x", "yara", "bundle", RULE, member="b.yar"),
    )


@pytest.mark.parametrize("kind", sorted(READERS))
def test_nothing_is_told_of_an_archive_that_is_refused(kind: str) -> None:
    good = WRITERS[kind]([("a.yar", RULE), ("b.yar", RULE)])
    archive = opened(kind, good[:-4])
    assert archive.refused
    assert (archive.members, archive.others) == ((), 0)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_the_other_kind_of_archive_is_refused(kind: str) -> None:
    (other,) = set(READERS) - {kind}
    assert opened(kind, WRITERS[other]([("a.yar", RULE)])).refused.startswith("not a")
