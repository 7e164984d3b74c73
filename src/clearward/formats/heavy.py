"""Libraries that cost too much to load at every start.

The zygote that starts first does without them. A reader that needs one asks for it
here; where it is not loaded the worker answers that the file needs the heavy zygote,
which has loaded all of them before its lock, and the file is scanned again there.
"""

from typing import Any


class NotLoaded(Exception):
    """A library is needed that only the heavy zygote has."""


_loaded: dict[str, Any] = {}


def load() -> None:
    """Import every heavy library. Only good before the lock."""
    import brotli  # type: ignore[import-untyped]  # noqa: PLC0415 - 5 MB, rarely met
    import inflate64  # noqa: PLC0415 - 0.1 s, since it looks for its own version

    # 12 MB, 0.06 s, and only few signatures ask what a picture looks like.
    import PIL.BmpImagePlugin  # noqa: PLC0415
    import PIL.GifImagePlugin  # noqa: PLC0415
    import PIL.JpegImagePlugin  # noqa: PLC0415
    import PIL.PngImagePlugin  # noqa: PLC0415
    import PIL.TiffImagePlugin  # noqa: PLC0415
    from Cryptodome.Cipher import (  # noqa: PLC0415 - 3 MB, and rarely met
        AES,
        Blowfish,
    )
    from Cryptodome.Util import Counter  # noqa: PLC0415

    # It imports a mode of operation when that is first asked for.
    for mode in (AES.MODE_ECB, AES.MODE_CBC):
        AES.new(bytes(16), mode)
    # Nothing is encrypted here: documents of before 2012 are, with this.
    Blowfish.new(  # noqa: S304 - others locked with it
        bytes(16), Blowfish.MODE_CFB, bytes(8), segment_size=64
    )
    AES.new(bytes(16), AES.MODE_CTR, counter=Counter.new(128, little_endian=True))

    _load_libarchive()
    _loaded.update(
        AES=AES,
        Blowfish=Blowfish,
        Counter=Counter,
        brotli=brotli,
        inflate64=inflate64,
        PIL=PIL,
    )


def _load_libarchive() -> None:
    import archi  # noqa: PLC0415 - 2 MB, rarely met

    try:
        from clearward.native import _archives  # noqa: PLC0415 - as archi
    except ImportError as missing:
        # Anything else that is missing is a fault, not a choice.
        if missing.name not in {"clearward.native._archives", "clearward.native"}:
            raise
        _loaded["libarchive"] = None
    else:
        _archives.load(archi.__file__)
        _loaded["libarchive"] = _archives


def library(name: str) -> Any:  # noqa: ANN401 - a module
    """Return a heavy library; None if this installation does without it.

    Raises:
        NotLoaded: this process does without it.
    """
    try:
        return _loaded[name]
    except KeyError:
        raise NotLoaded(name) from None
