"""Limits and names of members, whatever the archive."""

import pytest

from clearward.jail import rule_members
from clearward.jail.rule_members import Member, Unfit, take

RULE = b"rule one { condition: true }"


def rules(name: bytes, *pieces: bytes) -> Member:
    return Member(name, pieces or (RULE,))


def test_rule_files_come_in_the_order_of_their_names_and_others_are_counted() -> None:
    taken = take(
        [
            rules(b"b.yar", b"rule ", b"b"),
            Member(b"a/", is_file=False),
            Member(b"link", is_file=False),
            rules(b"a/z.YARA", b"z"),
            rules(b"README.md"),
            rules(b"a.yar.txt"),
        ],
        1000,
    )
    assert taken.rules == (("a/z.YARA", b"z"), ("b.yar", b"rule b"))
    assert taken.others == 2


def test_an_archive_without_rules_is_refused() -> None:
    with pytest.raises(Unfit, match=r"without a file that ends in \.yar or \.yara"):
        take([rules(b"README"), Member(b"a/", is_file=False)], 1000)


@pytest.mark.parametrize("again", [b"a.yar", b"./a.yar", b"b/../a.yar"])
def test_a_file_that_would_take_the_place_of_another_is_refused(again: bytes) -> None:
    with pytest.raises(Unfit, match="two members of one name"):
        take([rules(b"a.yar"), rules(again)], 1000)


def test_a_link_in_place_of_rules_is_refused() -> None:
    with pytest.raises(Unfit, match=r"b\.yar: a link"):
        take([rules(b"a.yar"), Member(b"b.yar", is_file=False)], 1000)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a" * 1021 + b".yar", id="long"),
        pytest.param(b"a.yar\0.txt", id="nul"),
        pytest.param(b"a\n.yar", id="newline"),
        pytest.param(b"a\x1b.txt", id="escape in another file"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(name: bytes) -> None:
    with pytest.raises(Unfit, match="a name"):
        take([rules(b"a.yar"), rules(name)], 1000)


def test_a_name_that_is_no_text_is_shown_in_ascii() -> None:
    assert take([rules(b"\xff.yar")], 1000).rules[0][0] == "\\xff.yar"


def test_more_members_than_the_limit_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_members, "MOST_MEMBERS", 2)
    assert take([rules(b"a.yar"), rules(b"b.yar")], 1000).rules
    with pytest.raises(Unfit, match="more than 2 members"):
        take([Member(b"%d/" % one, is_file=False) for one in range(3)], 1000)


def test_more_bytes_of_rules_than_the_limit_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_members, "MOST_TEXT", 10)
    assert take([rules(b"a.yar", b"12345", b"67890"), rules(b"b", b"1")], 1000).rules
    with pytest.raises(Unfit, match="more than 10 bytes of rules"):
        take([rules(b"a.yar", b"12345"), rules(b"b.yar", b"678901")], 1000)


def test_more_bytes_of_any_files_than_the_limit_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_members, "MOST_UNPACKED", 10)
    with pytest.raises(Unfit, match="more than 10 bytes unpacked"):
        take([rules(b"a.yar", b"12345"), rules(b"b", b"678901")], 1000)


def test_a_bomb_is_refused_by_what_comes_of_few_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_members, "RATIO_FREE", 50)
    assert take([rules(b"a.yar", bytes(100))], 1).rules
    with pytest.raises(Unfit, match="more than 100 times as long"):
        take([rules(b"a.yar", bytes(101))], 1)
