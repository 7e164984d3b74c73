"""The file types that signatures may name, as ClamAV calls them.

The names are in ``file_types.txt`` beside this file.
"""

# Read without importlib.resources, as formats.closed does: this is before the lock.
with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    FILE_TYPES = frozenset(
        line.strip() for line in file if line.strip() and not line.startswith("#")
    )

ANY = "CL_TYPE_ANY"
