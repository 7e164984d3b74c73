from typing_extensions import Buffer

def expand(
    data: Buffer, letter: str, unit: int, size: int, /
) -> tuple[bytes, int, int]: ...
