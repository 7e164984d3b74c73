"""The table of commands."""

from clearward.faces.clamd import commands


def test_every_command_is_found_by_its_word() -> None:
    assert len(commands.COMMANDS) == len(commands.LISTED) == 17
    assert all(word == one.word for word, one in commands.COMMANDS.items())


def test_a_session_takes_what_gives_one_answer() -> None:
    words = {one.word for one in commands.LISTED if one.session}
    assert words == {
        *(b"PING", b"VERSION", b"VERSIONCOMMANDS", b"STATS", b"SCAN", b"INSTREAM"),
        *(b"FILDES", b"END"),
    }
