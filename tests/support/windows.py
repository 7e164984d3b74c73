"""Match in small windows."""

from collections.abc import Iterable

from clearward.rules.windows import Windows
from clearward.rules.yara import Hit, YaraRules

WIDTH, SHARED = 160, 80  # small windows; strings of up to 48 bytes fit
SIZE = 5 * WIDTH  # of a part with ten windows


def rule(strings: str, condition: str = "any of them", name: str = "a") -> str:
    return f"rule {name} {{ strings: {strings} condition: {condition} }}"


def scan(yara: YaraRules | None, data: bytes, piece: int = 97) -> list[Hit]:
    return run(Windows((), yara, window=WIDTH, overlap=SHARED), data, piece)


def run(windows: Windows, data: bytes, piece: int = 97) -> list[Hit]:
    hits: list[Hit] = []
    for start in range(0, len(data), piece):
        hits += windows.feed(data[start : start + piece])
    return hits + list(windows.finish())


def places(hits: Iterable[Hit]) -> list[tuple[int, int]]:
    return sorted((hit.offset, hit.length) for hit in hits)


def placed(what: bytes, offset: int, fill: bytes = b"-") -> bytes:
    data = bytearray(fill * SIZE)
    data[offset : offset + len(what)] = what
    return bytes(data[:SIZE])
