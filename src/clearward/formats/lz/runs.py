"""Write out runs as BinHex and ARC have them: a byte, 90, a count; 90 00 is 90."""

import re
from collections.abc import Iterator

RUN = b"\x90"
RUNS = re.compile(rb"\x90(.)", re.DOTALL)
AT_ONCE = 4096  # a run unpacks to 127 times its bytes


def without_runs(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield bytes with every run written out."""
    last = half = b""  # the byte that a run repeats; a run that a piece ends in
    for whole in pieces:
        for start in range(0, len(whole), AT_ONCE):
            data = half + whole[start : start + AT_ONCE]
            place = 0
            done = []
            for run in RUNS.finditer(data):
                plain = data[place : run.start()]
                last = plain[-1:] or last
                count = run[1][0]
                done += [plain, last * (count - 1) if count else RUN]
                last = last if count else RUN
                place = run.end()
            half = RUN if data.endswith(RUN, place) else b""
            plain = data[place : len(data) - len(half)]
            last = plain[-1:] or last
            yield b"".join((*done, plain))
