"""Compile small sources into an image, in this very process, and load it."""

import os
from collections.abc import Mapping

from clearward.formats.identify import MARKS
from clearward.rules.image_loader import Loaded, Using, load_images
from clearward.rules.image_source import ImageSource
from clearward.rules.image_writer import Made, compile_image
from clearward.rules.source import Source

VERSION = "1.0"  # of yara-x, so far as a test cares

TEXTS = {
    "a.ndb": "Body.One:0:*:6162636465666768{2-5}6a6b6c\n"
    "Body.Two:1:EP+0:909090(41|42)90\n",
    "b.ldb": "Logic;Target:0;(0&1);68656c6c6f;0/w[o0]rld/i\n",
    "c.hdb": "5d41402abc4b2a76b9719d911017c592:5:Too.Short\n"
    "900150983cd24fb0d6963f7d28e17f72:8:Clam.Digest\n",
    "d.hdu": "f96b697d7cb7938d525a2f31aaf161d0:14:Pua.Digest\n",
    "e.sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  "
    "Empty\n"
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n",
}


def sources(texts: Mapping[str, str | bytes]) -> list[Source]:
    """Return sources by file name."""
    return [
        Source(
            number,
            f"/some/where/{name}",
            name.rpartition(".")[2].replace("yar", "yara"),
            "local",
            text if isinstance(text, bytes) else text.encode(),
        )
        for number, (name, text) in enumerate(texts.items())
    ]


def made(texts: Mapping[str, str | bytes] = TEXTS) -> Made:
    """Compile sources."""
    return compile_image(
        sources(texts), marks=MARKS, version=VERSION, tell=lambda _doing, _done: None
    )


def image(texts: Mapping[str, str | bytes] = TEXTS) -> bytes:
    """Return the image of sources."""
    return bytes(made(texts).image)


def loaded(
    *images: bytes, first: int = 0, version: str = VERSION, unwanted: bool = False
) -> list[Loaded]:
    """Put images in force."""
    mapped = [
        ImageSource(number, f"{number}.cwr", "local", memoryview(data))
        for number, data in enumerate(images)
    ]
    using = Using(MARKS, version, unwanted=unwanted, describe=True)
    return load_images(mapped, first, using)


def in_memory(data: bytes) -> int:
    """Return the descriptor of a file that holds these bytes."""
    descriptor = os.memfd_create("image")
    os.write(descriptor, data)
    return descriptor
