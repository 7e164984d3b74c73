"""Landlock: handle every right there is and allow none.

Source: landlock(7) and linux/landlock.h, up to ABI 8.
"""

import os
import struct
from itertools import takewhile

from clearward.jail import kernel

_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_SYNC_THREADS = 8  # LANDLOCK_RESTRICT_SELF_TSYNC, from ABI 8

# Rights to files by ABI: 13 at first, then REFER, TRUNCATE and IOCTL_DEV.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_MOST_FILE_RIGHTS = 16
_NETWORK_FROM, _NETWORK = 4, 0b11  # bind and connect TCP
_SCOPES_FROM, _SCOPES = 6, 0b11  # abstract Unix sockets, signals


def abi() -> int:
    """The Landlock version of the running kernel; 0 if there is none."""
    try:
        return kernel.call(kernel.numbers()["landlock_create_ruleset"], 0, 0, _VERSION)
    except OSError:
        return 0


def deny_all() -> int:
    """Give up every right that Landlock knows, for good; return the ABI used.

    The caller has set no_new_privs before. 0 means that nothing was given up.

    Raises:
        OSError: the kernel has Landlock and refused.
    """
    version = abi()
    if not version:
        return 0
    fields = (
        (1, (1 << _FILE_RIGHTS.get(version, _MOST_FILE_RIGHTS)) - 1),
        (_NETWORK_FROM, _NETWORK),
        (_SCOPES_FROM, _SCOPES),
    )
    known = takewhile(lambda field: field[0] <= version, fields)
    attributes = b"".join(struct.pack("<Q", rights) for _, rights in known)
    calls = kernel.numbers()
    ruleset = kernel.call(
        calls["landlock_create_ruleset"], attributes, len(attributes), 0
    )
    try:
        flags = _SYNC_THREADS if version >= 8 else 0  # noqa: PLR2004 - the ABI above
        kernel.call(calls["landlock_restrict_self"], ruleset, flags)
    finally:
        os.close(ruleset)
    return version
