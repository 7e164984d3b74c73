"""TLS over a wire, so that what is counted is what the socket carries.

There is one configuration for every machine: TLS 1.2 or newer, the names and roots of
the system or of a file that was named, no client certificate and no session that is
taken up again, since both would tell one machine from another.

Source: RFC 8446, appendix C.4; RFC 9325.
"""

import os
import ssl
from dataclasses import dataclass
from typing import Protocol

from clearward.core.errors import Refused, Unavailable
from clearward.egress.request import Destination
from clearward.egress.wire import PIECE


class Carrier(Protocol):
    """What bytes are written to and read from."""

    def write(self, data: bytes) -> None:
        """Send all of it."""

    def read(self) -> bytes:
        """Return what comes next; nothing at the end."""

    def close(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word counts for the name of a server.

    Attributes:
        roots: file of certificates in PEM; empty for those of the system.
        keys: file that the keys of our own sessions are added to, so that a capture
            can be read (the form of SSLKEYLOGFILE); empty for none.
    """

    roots: str = ""
    keys: str = ""

    def context(self) -> ssl.SSLContext:
        """Return what sessions are made with.

        Raises:
            Refused: the file of roots cannot be read, or that of keys not be written.
        """
        try:
            made = ssl.create_default_context(cafile=self.roots or None)
        except (OSError, ssl.SSLError) as error:
            raise Refused(f"{self.roots}: no certificates in PEM") from error
        made.keylog_filename = None  # type: ignore[assignment]  # not the environment's
        if self.keys:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
                os.close(os.open(self.keys, flags, 0o600))
                made.keylog_filename = self.keys
            except OSError as error:
                said = f"{self.keys}: cannot be written: {error.strerror}"
                raise Refused(said) from error
        made.options |= ssl.OP_NO_TICKET
        made.set_alpn_protocols(["http/1.1"])
        return made


class Sealed:
    """A session over a wire.

    Args:
        wire: below it.
        destination: whose name the certificate has to have.
        context: of `Trust`.

    Raises:
        Unavailable: the other side does not prove who it is, or speaks no TLS.
    """

    def __init__(
        self, wire: Carrier, destination: Destination, context: ssl.SSLContext
    ) -> None:
        self._wire = wire
        self._destination = destination
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._session = context.wrap_bio(
            self._in, self._out, server_hostname=destination.host
        )
        while True:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                self._exchange()
            except ssl.SSLError as error:
                raise self._broken(error) from error
            else:
                break
        self._flush()

    def write(self, data: bytes) -> None:
        """Send all of it."""
        try:
            self._session.write(data)
        except ssl.SSLError as error:
            raise self._broken(error) from error
        self._flush()

    def read(self) -> bytes:
        """Return what comes next; nothing at an end that the other side has signed."""
        while True:
            try:
                return self._session.read(PIECE)
            except ssl.SSLWantReadError:
                self._exchange()
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLError as error:
                raise self._broken(error) from error

    def close(self) -> None:
        """End it; the other side's farewell is not waited for."""
        self._wire.close()

    def _exchange(self) -> None:
        """Send what has to be sent and take what comes."""
        self._flush()
        data = self._wire.read()
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def _flush(self) -> None:
        data = self._out.read()
        if data:
            self._wire.write(data)

    def _broken(self, error: ssl.SSLError) -> Unavailable:
        if isinstance(error, ssl.SSLCertVerificationError):
            said = f"its certificate is not good: {error.verify_message}"
        elif isinstance(error, ssl.SSLEOFError):
            said = "the connection was cut off"
        else:
            said = f"no TLS: {error.reason or error}"
        return Unavailable(f"{self._destination}: {said}")
