"""What a witness keeps: its key, and of each log the head that it signed last.

    witness.pem   the private key, PKCS #8, for its owner alone
    witness.db    SQLite: who the witness is, and the heads

The heads are there before the key is, and without them the key is not used: a witness
that has forgotten what it signed would sign another history. So nothing here begins
anew what is missing or damaged.

Source: SQLite, "Write-Ahead Logging" and PRAGMA synchronous (FULL syncs the log at each
commit).
"""

import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.signers import Signer
from clearward.updates.witness import Answer, Head, Submission, objection

KEY = "witness.pem"
DATABASE = "witness.db"
_BESIDE = ".new"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_KEY = 16_384  # bytes
_PATIENCE = 5.0  # seconds for another process that writes
_TABLES = """
CREATE TABLE IF NOT EXISTS witness (one INTEGER PRIMARY KEY CHECK (one = 1), vkey TEXT);
CREATE TABLE IF NOT EXISTS heads (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL
) WITHOUT ROWID;
"""


def make(folder: str, name: str, kind: Kind = Kind.COSIGNATURE_ED25519) -> PublicKey:
    """Make the key of a witness.

    Args:
        folder: is made if it is not there.
        name: of the witness.
        kind: one that cosigns.

    Raises:
        Refused: there is a key already, or nobody may be called so.
        Unavailable: it cannot be written.
    """
    try:
        signer = Signer.made(name, kind)
    except Malformed as error:
        raise Refused("a name has no spaces and no +, and 255 bytes at most") from error
    path = os.path.join(folder, KEY)
    with _told(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with _alone(folder) as held:
            if os.path.lexists(path):
                raise Refused(f"{path}: there is a key already")
            _name(folder, signer.public)
            _write_key(path, signer.pem())
            os.fsync(held)
    return signer.public


class Witness:
    """The key and the heads; one thread uses it.

    Args:
        folder: where they are.
        clock: seconds since 1970 UTC.

    Raises:
        Refused: there is no witness, it is damaged, or others may use its key.
        Unavailable: it cannot be read.
    """

    def __init__(self, folder: str, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        pem = _key(os.path.join(folder, KEY))
        with _told(folder):
            self._database = _connected(folder, "rw")
            try:
                self.signer = _signer(folder, self._database, pem)
            except BaseException:
                self._database.close()
                raise

    @property
    def public(self) -> PublicKey:
        """What checks its signatures."""
        return self.signer.public

    def decide(self, asked: Sequence[Submission]) -> list[Answer]:
        """Decide submissions one after the other; all is on the disk at the end.

        Args:
            asked: each signed by its log.

        Raises:
            Unavailable: it could not be written; nothing was signed.
        """
        with _told(self._folder), _changing(self._database):
            objections = [self._step(one) for one in asked]
        # Only now: what has no signature yet cannot get out before it is on the disk.
        return [
            said if said is not None else self._signed(one)
            for one, said in zip(asked, objections, strict=True)
        ]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _step(self, asked: Submission) -> Answer | None:
        new = asked.checkpoint
        row = self._database.execute(
            "SELECT size, root FROM heads WHERE origin = ?", (new.origin,)
        ).fetchone()
        said = objection(asked, None if row is None else Head(*row))
        if said is None:
            self._database.execute(
                "INSERT OR REPLACE INTO heads VALUES (?, ?, ?)",
                (new.origin, new.size, new.root),
            )
        return said

    def _signed(self, asked: Submission) -> Answer:
        signature = self.signer.sign(asked.note, int(self._clock()))
        return Answer(200, signature.line())


def _connected(folder: str, mode: str) -> sqlite3.Connection:
    path = os.path.abspath(os.path.join(folder, DATABASE))
    if mode == "rw" and not os.path.lexists(path):
        raise Refused(f"{path}: is missing, and the key is not used without it")
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    database = sqlite3.connect(
        f"file:{quoted}?mode={mode}",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
    except BaseException:
        database.close()
        raise
    return database


def _name(folder: str, public: PublicKey) -> None:
    """Write down who the witness is; heads that are there stay."""
    database = _connected(folder, "rwc")
    try:
        database.executescript(_TABLES)
        database.execute("INSERT OR REPLACE INTO witness VALUES (1, ?)", (str(public),))
    finally:
        database.close()


@contextmanager
def _alone(folder: str) -> Iterator[int]:
    """Hold the folder, which nobody else makes a key in meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _changing(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _signer(folder: str, database: sqlite3.Connection, pem: bytes) -> Signer:
    row = database.execute("SELECT vkey FROM witness").fetchone()
    try:
        public = PublicKey.parse(str(row[0]) if row else "")
        signer = Signer.parse(public.name, public.kind, pem)
    except Malformed as error:
        raise Refused(f"{folder}: no witness: {error}") from error
    if signer.public != public:
        raise Refused(f"{folder}: {KEY} is not the key that {DATABASE} was made for")
    return signer


def _key(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        said = f"{path}: there is no key: clearward witness keygen makes one"
        raise Refused(said) from None
    except OSError as error:
        raise Unavailable(f"{path}: cannot be read: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_KEY:
            raise Refused(f"{path}: is no key")
        if status.st_uid not in (os.geteuid(), 0) or status.st_mode & _OTHERS:
            raise Refused(f"{path}: others may use it; it has to have mode 0600")
        return os.pread(descriptor, _MOST_KEY, 0)
    finally:
        os.close(descriptor)


def _write_key(path: str, pem: bytes) -> None:
    """Write it whole under another name, then link it: it replaces no other key."""
    beside = path + _BESIDE
    with suppress(FileNotFoundError):
        os.unlink(beside)  # of a process that was killed
    descriptor = os.open(beside, _NEW, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # whatever the mask leaves
        os.write(descriptor, pem)
        os.fsync(descriptor)
        os.link(beside, path)
    finally:
        os.close(descriptor)
        os.unlink(beside)


@contextmanager
def _told(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{folder}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise Unavailable(f"{os.path.join(folder, DATABASE)}: {error}") from error
