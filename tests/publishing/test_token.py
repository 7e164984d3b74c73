"""Whatever a token answers is one line with its name."""

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.token import told

pkcs11 = pytest.importorskip("pkcs11", reason="needs python-pkcs11")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("NoSuchToken", "token a: no such token"),
        ("PinIncorrect", "token a: wrong PIN; it is not tried again"),
        ("PinLocked", "token a: its PIN is locked"),
        ("MultipleTokensReturned", "token a: several tokens have this name"),
        ("MechanismInvalid", "token a: it does not do Ed25519"),
    ],
)
def test_what_cannot_be_done_is_refused(answer: str, said: str) -> None:
    with pytest.raises(Refused, match=said), told("token a"):
        raise getattr(pkcs11, answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("DeviceRemoved", "token a: was removed"),
        ("TokenNotPresent", "token a: was removed"),
        ("TokenWriteProtected", "token a: is write-protected"),
        ("GeneralError", r"token a: does not answer as it should \(GeneralError\)"),
    ],
)
def test_what_does_not_answer_is_unavailable(answer: str, said: str) -> None:
    with pytest.raises(Unavailable, match=said), told("token a"):
        raise getattr(pkcs11, answer)
