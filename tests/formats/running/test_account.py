"""Behaviour of the account that the programs of a file share."""

import pytest

from clearward.formats.running.account import BYTES, MOST, account, shared


def test_everybody_takes_from_the_account_that_is_open() -> None:
    with shared() as opened:
        assert account() is opened
        opened.left -= 7
        assert account().left == MOST - 7


def test_where_none_is_open_each_program_has_its_own() -> None:
    account().left = 0
    assert account().left == MOST


def test_an_account_is_closed_whatever_ends_the_scan() -> None:
    with pytest.raises(ValueError, match="over"), shared():
        raise ValueError("over")
    assert account() is not account()


def test_workers_that_share_a_file_share_the_account() -> None:
    with shared(workers=4) as opened:
        assert opened.left == MOST // 4


def test_bytes_that_are_given_are_paid_for() -> None:
    with shared() as opened:
        opened.give(MOST * BYTES)
        assert opened.empty
