"""What a zygote is told by its broker before it begins: rule sources and its task."""

import os
import socket
from dataclasses import dataclass

from clearward.jail import control
from clearward.jail.control import Settings, SourceHead
from clearward.jail.rule_archive import READERS, unpacked
from clearward.rules.source import Source

_IMAGE = "cwr"  # kind of a compiled image


@dataclass(frozen=True, slots=True)
class Told:
    """What the broker said.

    Attributes:
        task: how to scan, or the descriptor of a file to write an image to.
        sources: rule sources.
        images: those that are compiled: what goes with them, and their descriptors.
    """

    task: Settings | int
    sources: list[Source]
    images: list[tuple[SourceHead, int]]


def receive(channel: socket.socket) -> Told | None:
    """Take rule sources until told what to do; None if the broker has gone."""
    sources: list[Source] = []
    images: list[tuple[SourceHead, int]] = []
    while True:
        message, files, _, _ = socket.recv_fds(channel, control.MOST_MESSAGE, 1)
        if not message:
            return None
        if message[:1] == b"C":
            return Told(control.decode_settings(message[1:]), sources, images)
        if message[:1] == b"W":
            return Told(files[0], sources, images)
        head = control.decode_source(message[1:])
        if head.kind == _IMAGE:
            images.append((head, files[0]))
        else:
            sources.append(_read(head, files[0]))


def _read(head: SourceHead, file: int) -> Source:
    pieces = []
    offset = 0
    while offset < head.size and (piece := os.pread(file, head.size - offset, offset)):
        pieces.append(piece)
        offset += len(piece)
    os.close(file)
    source = Source(head.number, head.label, head.kind, head.origin, b"".join(pieces))
    return unpacked(source) if head.kind in READERS else source
