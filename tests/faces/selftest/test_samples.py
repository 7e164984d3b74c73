"""The test file is the right one, and is nowhere in the sources."""

import email
import email.policy
from pathlib import Path

from support.marks import EICAR

from clearward.faces.selftest import samples


def test_the_test_file_is_that_of_eicar() -> None:
    assert samples.eicar().content == EICAR
    assert len(EICAR) == 68
    assert samples.eicar().bad
    assert not samples.clean().bad


def test_the_test_file_is_not_in_the_sources() -> None:
    for path in Path(samples.__file__).parent.rglob("*"):
        assert path.is_dir() or EICAR not in path.read_bytes()


def test_a_mail_carries_it_as_an_attachment() -> None:
    raw = samples.mail(samples.eicar(), "a@b", "c@d")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    (part,) = message.iter_attachments()
    assert part.get_payload(decode=True) == EICAR
    assert message["To"] == "c@d"
