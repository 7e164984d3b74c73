"""The starter bundle of rules: where it is, and that it is the one of this version."""

import hashlib
import os

from clearward.core.names import Table
from clearward.jail.sources import RuleFile

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "rules", "bundle")

# SHA-256 of the lines "digest  name" of the bundle's files, as sha256sum writes them,
# sorted by name. A bundle that is not this one is not used.
DIGEST = "e02c4ac32aef159336dd9b0c86c023f04160ee1495801a022abf030d5ef546f8"

CHANGED = (
    "the starter bundle was changed since it was installed; install clearward again, "
    "or use --no-default-rules"
)


def digest(files: tuple[RuleFile, ...], table: Table) -> str:
    """Return the digest of the bundle as the zygote has read it."""
    lines = hashlib.sha256()
    for file, read in zip(files, table.digests, strict=True):
        if file.origin == "bundle":
            lines.update(f"{read}  {os.path.basename(file.label)}\n".encode())
    return lines.hexdigest()
