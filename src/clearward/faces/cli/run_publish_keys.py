"""What `clearward publish rotate` and `publish sign` do."""

import json as json_text
import sys

from clearward.core.errors import Refused
from clearward.faces.cli.publish_pins import finder
from clearward.faces.cli.run_publish import Where, no_release, say
from clearward.faces.text import escaped
from clearward.publishing.keys import LOG, ROLES
from clearward.publishing.log_key import rotate_log
from clearward.publishing.repository import Repository, alone
from clearward.publishing.rotating import rotate
from clearward.publishing.signing import sign
from clearward.publishing.signing_key import MetadataSigner
from clearward.publishing.staging import Waiting


def rotate_role(role: str, where: Where, *, json: bool) -> None:
    """Give a role a new key.

    Raises:
        Refused: there is no such role, or a key that is needed is not there.
        Unavailable: there is no room or no right to.
    """
    if role not in (*ROLES, LOG):
        raise Refused(f"{role}: no role; they are {', '.join((*ROLES, LOG))}")
    publishing = where.publishing()
    fields: dict[str, object] = {"role": role, "waiting": ""}
    with publishing.releasing(*no_release()) as releasing:
        try:
            if role == LOG:
                old = publishing.repository.policy().logs[-1].key
                fields["log_vkey"] = str(rotate_log(releasing, publishing.keys, old))
            else:
                fields["keyid"] = rotate(publishing.publisher, publishing.keys, role)
        except Waiting as error:
            fields["waiting"] = str(error)
    say(fields, json=json)


def sign_waiting(repo: str, key: str, *, json: bool) -> None:
    """Sign what waits for a key.

    Raises:
        Refused: nothing does, or the key cannot be used.
        Unavailable: there is no room or no right to.
    """
    signer = MetadataSigner(finder().key(key))
    with alone(repo):
        done = sign(Repository(repo), signer)
    for one in done:
        if json:
            row = {
                "role": one.role,
                "version": one.version,
                "signatures": one.signatures,
                "complete": one.complete,
                "says": one.says,
            }
            sys.stdout.write(json_text.dumps(row) + "\n")
            continue
        state = "complete" if one.complete else "waits for more"
        sys.stdout.write(
            f"{one.role} {one.version}: {one.signatures} signatures, {state}\n"
        )
        for line in one.says:
            sys.stdout.write(f"  {escaped(line)}\n")
    waiting = sum(not one.complete for one in done)
    say({"signed": len(done), "waiting": waiting}, json=json)
