"""A PKCS#11 token: one session, and the few operations that keys need.

The module of the token is somebody else's code, and runs in this process. Everything
that is not a plain answer becomes one line. A PIN is tried once, as tokens lock.

Source: PKCS#11 3.0 (OASIS), sessions and objects, and CKM_EDDSA; RFC 8032.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.publishing.token_address import TokenAddress

if TYPE_CHECKING:
    import pkcs11
    from pkcs11._pkcs11 import lib as Module  # noqa: N812 - a class

Pin = Callable[[TokenAddress], str]

_MISSING = "keys in a token need a library: pip install 'clearward[pkcs11]'"
_ED25519 = bytes.fromhex("06032b6570")  # id-Ed25519 in DER, RFC 8410
_ID_SIZE = 16
_REFUSED = {
    "NoSuchToken": "no such token in this module",
    "MultipleTokensReturned": "several tokens have this name: add serial=",
    "PinIncorrect": "wrong PIN; it is not tried again, as tokens lock",
    "PinInvalid": "wrong PIN; it is not tried again, as tokens lock",
    "PinLenRange": "wrong PIN; it is not tried again, as tokens lock",
    "PinLocked": "its PIN is locked",
    "PinExpired": "its PIN has to be changed first",
    "UserPinNotInitialized": "it has no PIN of a user yet",
    "MechanismInvalid": "it does not do Ed25519",
    "AttributeReadOnly": "this key may not be changed",
}
_UNAVAILABLE = {
    "DeviceRemoved": "was removed",
    "TokenNotPresent": "was removed",
    "TokenWriteProtected": "is write-protected",
    "SessionReadOnly": "is write-protected",
    "DeviceMemory": "is full",
}


@contextmanager
def told(name: str) -> Iterator[None]:
    """Say in one line what a token answers.

    Args:
        name: of the token.

    Raises:
        Refused: what was asked cannot be done.
        Unavailable: it does not answer.
    """
    import pkcs11  # noqa: PLC0415 - an extra, loaded only by who has a token

    try:
        yield
    except pkcs11.PKCS11Error as error:
        kind = type(error).__name__
        if kind in _REFUSED:
            raise Refused(f"{name}: {_REFUSED[kind]}") from error
        said = _UNAVAILABLE.get(kind, f"does not answer as it should ({kind})")
        raise Unavailable(f"{name}: {said}") from error


class Token:
    """A token that is opened when it is first needed, and for one command.

    Args:
        address: which.
        pin: is called once, if it has no keypad of its own.
    """

    def __init__(self, address: TokenAddress, pin: Pin) -> None:
        self.name = str(address)
        self._address = address
        self._pin = pin
        self._session: pkcs11.Session | None = None
        self._failed: ClearwardError | None = None

    def objects(self, *, private: bool) -> list[Any]:
        """Return all keys of Ed25519: those that sign, or those that check.

        Raises:
            Refused, Unavailable: as `told`.
        """
        session = self._opened()
        from pkcs11 import Attribute, KeyType, ObjectClass  # noqa: PLC0415

        kind = ObjectClass.PRIVATE_KEY if private else ObjectClass.PUBLIC_KEY
        wanted = {Attribute.CLASS: kind, Attribute.KEY_TYPE: KeyType.EC_EDWARDS}
        with told(self.name):
            return list(session.get_objects(wanted))

    def generate(self, label: str) -> tuple[Any, Any]:
        """Make a pair of keys; the private one never leaves the token.

        Returns:
            The public and the private key, of one id that is new.

        Raises:
            Refused, Unavailable: as `told`.
        """
        session = self._opened()
        from pkcs11 import (  # noqa: PLC0415
            Attribute,
            KeyType,
            Mechanism,
            MechanismFlag,
        )

        with told(self.name):
            curve = session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _ED25519}, local=True
            )
            return curve.generate_keypair(
                id=os.urandom(_ID_SIZE),
                label=label,
                store=True,
                capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                public_template={Attribute.MODIFIABLE: True},
                private_template={
                    Attribute.SENSITIVE: True,
                    Attribute.EXTRACTABLE: False,
                    Attribute.MODIFIABLE: True,
                },
            )

    def sign(self, key: Any, data: bytes) -> bytes:  # noqa: ANN401 - of the library
        """Return what the token says is the signature of some bytes.

        Raises:
            Refused, Unavailable: as `told`.
        """
        from pkcs11 import Mechanism  # noqa: PLC0415

        with told(self.name):
            return bytes(key.sign(data, mechanism=Mechanism.EDDSA))

    def close(self) -> None:
        """Log out, and end the session."""
        if self._session is not None:
            session, self._session = self._session, None
            with told(self.name):
                session.close()

    def _opened(self) -> "pkcs11.Session":
        if self._failed is not None:
            raise self._failed
        if self._session is None:
            try:
                self._session = self._open()
            except ClearwardError as error:
                self._failed = error  # a PIN is not tried again
                raise
        return self._session

    def _open(self) -> "pkcs11.Session":
        try:
            import pkcs11  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise Refused(_MISSING) from error
        wanted = {"token_label": self._address.token}
        if self._address.serial:
            wanted["token_serial"] = self._address.serial
        module = _loaded(self._address.module)
        with told(self.name):
            token = module.get_token(**wanted)
            if token.flags & pkcs11.TokenFlag.PROTECTED_AUTHENTICATION_PATH:
                return token.open(rw=True, user_pin=pkcs11.PROTECTED_AUTH)
            return token.open(rw=True, user_pin=self._pin(self._address))


def _loaded(path: str) -> "Module":
    """Load a module.

    Raises:
        Refused: it cannot be.
    """
    import pkcs11  # noqa: PLC0415

    if not os.path.isfile(path):
        raise Refused(f"{path}: no such module")
    try:
        module = pkcs11.lib(path)
        module.initialize()
    except pkcs11.PKCS11Error as error:
        raise Refused(f"{path}: a module that cannot be used: {error!s}") from error
    return module
