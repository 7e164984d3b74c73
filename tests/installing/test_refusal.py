"""Behaviour of a refusal."""

from clearward.installing.refusal import Code, Untrusted


def test_the_words_are_those_of_the_contract() -> None:
    assert set(Code) == {
        *("signature", "expired", "rollback", "fork", "quorum", "unlogged"),
        *("tampered", "unreachable"),
    }


def test_a_refusal_says_its_word_and_why() -> None:
    error = Untrusted(Code.FORK, "another log")
    assert str(error) == "fork: another log"
    assert (error.code, error.detail) == (Code.FORK, "another log")
