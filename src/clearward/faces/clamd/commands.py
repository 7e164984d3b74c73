"""The commands of clamd, and in which of its forms each may be given.

Source: clamd(8), COMMANDS; what clamd 1.4.6 answered where that page is silent.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One word that clamd understands.

    Attributes:
        word: as it is sent, in capital letters.
        argument: a path follows behind one space.
        old: may be sent without a prefix.
        session: may be sent within IDSESSION.
    """

    word: bytes
    argument: bool = False
    old: bool = True
    session: bool = False


SCAN = Command(b"SCAN", argument=True, session=True)
QUIT = Command(b"QUIT")
RELOAD = Command(b"RELOAD")
PING = Command(b"PING", session=True)
CONTSCAN = Command(b"CONTSCAN", argument=True)
VERSIONCOMMANDS = Command(b"VERSIONCOMMANDS", old=False, session=True)
VERSION = Command(b"VERSION", session=True)
END = Command(b"END", old=False, session=True)
SHUTDOWN = Command(b"SHUTDOWN")
MULTISCAN = Command(b"MULTISCAN", argument=True)
FILDES = Command(b"FILDES", session=True)
STATS = Command(b"STATS", old=False, session=True)
IDSESSION = Command(b"IDSESSION", old=False)
INSTREAM = Command(b"INSTREAM", old=False, session=True)
DETSTATSCLEAR = Command(b"DETSTATSCLEAR")
DETSTATS = Command(b"DETSTATS")
ALLMATCHSCAN = Command(b"ALLMATCHSCAN", argument=True, old=False)

# In the order in which clamd 1.4 lists them.
LISTED = (
    *(SCAN, QUIT, RELOAD, PING, CONTSCAN, VERSIONCOMMANDS, VERSION, END, SHUTDOWN),
    *(MULTISCAN, FILDES, STATS, IDSESSION, INSTREAM, DETSTATSCLEAR, DETSTATS),
    ALLMATCHSCAN,
)

COMMANDS = {command.word: command for command in LISTED}
