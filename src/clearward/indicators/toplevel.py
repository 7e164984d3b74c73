"""The real top-level names: what else ends in a dot and letters is no host.

``toplevel.txt`` beside this file has them, with source and date.
"""


def _read() -> frozenset[str]:
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        return frozenset(
            name for line in file if not line.startswith("#") for name in line.split()
        )


TOP_LEVEL = _read()


def is_real(host: str) -> bool:
    """Say whether a host, in lower case and A-labels, ends in a real top-level name."""
    return host.rpartition(".")[2] in TOP_LEVEL
