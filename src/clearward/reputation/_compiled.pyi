from typing_extensions import Buffer

def build(
    records: Buffer, width: int, seed: int, segment: int, segments: int, /
) -> bytes | None: ...
def has(
    slots: Buffer,
    records: Buffer,
    width: int,
    seed: int,
    segment: int,
    segments: int,
    /,
) -> bytes: ...
def order(records: bytearray, /) -> None: ...
def multiply(bytes: Buffer, numbers: Buffer, columns: int, width: int, /) -> bytes: ...
