"""Say how the time of the compiled views grows with what is made to be slow.

python fuzz/views/growth.py [KILOBYTES]

Every text is a front and one thing again and again, as long as said and twice as long;
the status is 1 if for any of them twice the text takes more than three times as long.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.pages import MARKUP, SCRIPT  # noqa: E402 - the path is set above

from clearward.formats.normalise.chosen import NORMALISER  # noqa: E402 - likewise

NESTED = [
    b"<script></script>",
    b'<script language="jscript.encode">#@~^AAAAAA==</script>',
    b"<a href=x>",
    b'<a b="',
    b"<!",
    b">> <",
    b"&#65;",
    b"=/[=/",
    b"[" + b"=/[" * 66 + b"]",
    b"unescape(",
    b"eval('",
    b"function(a,b){",
    b"function(",
    b"var a;",
    b"'\\",
    b"}{",
    b"a.",
    b'"a"+',
    b'eval("x");',
    b"eval ",
    b"/[]",
    b"\xe3\x80\x82",
    b"<a a='",
]
FRONTS = [b"", b"<", b"<script>", b'"', b"=/", b"<a b='", b"/*"]
NOISE = 0.03  # seconds of which nothing is concluded


def seconds(make: Callable[[bytes], object], text: bytes) -> float:
    """CPU time for one text."""
    start = time.process_time()
    make(text)
    return time.process_time() - start


def main() -> None:
    """Print what grows fastest, and what is slowest."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else "256") << 10
    makers: dict[str, Callable[[bytes], object]] = {
        "text": NORMALISER.text,
        "page": NORMALISER.page,
        "script": NORMALISER.script,
        "encoded": NORMALISER.encoded,
        "entities": NORMALISER.decoding.entities,
    }
    worst: list[tuple[float, float, str, bytes]] = []
    for name, make in makers.items():
        for front in FRONTS:
            for unit in (*MARKUP, *SCRIPT, *NESTED):
                text = front + unit * (2 * size // len(unit))
                half, whole = seconds(make, text[:size]), seconds(make, text)
                growth = whole / half if whole > NOISE else 0.0
                worst.append((growth, whole, name, front + b" " + unit[:20]))
    for row in (*sorted(worst)[-3:], max(worst, key=lambda row: row[1])):
        sys.stdout.write(f"{row[0]:.1f} times, {row[1]:.2f} s: {row[2]} {row[3]!r}\n")
    sys.exit(1 if max(worst)[0] > 3 else 0)


if __name__ == "__main__":
    main()
