"""PKCS#11 tokens of SoftHSM: files that behave like a token.

    soft = SoftTokens(tmp_path, monkeypatch)  # skips a test without SoftHSM
    address = soft.made("offline")             # a token; its PIN is in a file
    keys = soft.keys(address)                  # in this process

The module is told where its tokens are by the environment when it is loaded, so it is
unloaded whenever a test has ended.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clearward.publishing.token import Token
from clearward.publishing.token_address import TokenAddress
from clearward.publishing.token_keys import TokenKeys

_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib/pkcs11/libsofthsm2.so",
)
PIN = "4711"


def module() -> str:
    """The module of SoftHSM; a test that has none is skipped."""
    pytest.importorskip("pkcs11", reason="needs python-pkcs11")
    found = next(filter(os.path.isfile, _MODULES), None)
    if found is None or shutil.which("softhsm2-util") is None:
        pytest.skip("needs softhsm2, see tools/peers.sh")
    return found


class SoftTokens:
    """Tokens in a folder.

    Args:
        folder: is made.
        patch: sets the environment.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.module = module()
        self.folder = folder
        (folder / "tokens").mkdir(parents=True)
        settings = folder / "softhsm2.conf"
        settings.write_text(
            f"directories.tokendir = {folder / 'tokens'}\n"
            "objectstore.backend = file\nlog.level = ERROR\n"
        )
        (folder / "pin").write_text(f"{PIN}\n")
        patch.setenv("SOFTHSM2_CONF", str(settings))
        self.unload()

    def made(self, name: str) -> str:
        """Make a token; return its address."""
        pins = ("--pin", PIN, "--so-pin", "0815")
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", name, *pins],
            check=True,
            capture_output=True,
        )
        return self.address(name)

    def address(self, name: str, *, pin: bool = True, more: str = "") -> str:
        """The address of a token."""
        source = f"&pin-source=file:{self.folder / 'pin'}" if pin else ""
        return f"pkcs11:token={name}{more}?module-path={self.module}{source}"

    def keys(self, address: str, pin: str = PIN) -> TokenKeys:
        """The keys in a token, for this process; as after a start."""
        self.unload()
        return TokenKeys(Token(TokenAddress.parse(address), lambda _: pin))

    def unload(self) -> None:
        """Let the module forget everything."""
        import pkcs11  # noqa: PLC0415 - an extra

        loaded = pkcs11.lib(self.module)
        loaded.initialize()
        loaded.finalize()
