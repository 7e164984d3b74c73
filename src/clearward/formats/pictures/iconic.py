"""The looks of an icon: where it is bright, dark, coloured, and where its edges are.

    brightness   the largest of red, green and blue
    colour       s * sqrt(v) with s = 255 * (largest - smallest) / largest, v = largest,
                 both cut off; a point is coloured if s and v are above 85
    spread       how far each of red, green and blue is from the middle one, in per cent
                 of largest - smallest, rounded up; the mean over coloured points
    edges        Sobel's operator over the distance from grey 127 in CIE L*a*b*, cut
                 off; the largest becomes 255; then smoothed by 1 2 1, along rows, and
                 in place along columns; blue itself where there is not one edge

An icon is coloured if 6 of 100 points are. One that is not has its next edges in place
of its colours; the places of the least ones are then those of the most, in clamscan and
here.

Source: tried with clamscan 1.4.6; sRGB and L*a*b* as in IEC 61966-2-1 and CIE 15.
"""

from functools import lru_cache
from math import sqrt

from clearward.core.icon import AREAS, Area, Icon
from clearward.formats.pictures.areas import Areas
from clearward.formats.pictures.bitmap import Point

LEAST_COLOUR = 86  # of s and v
LEAST_COLOURED = 6  # per cent of the points
BRIGHTEST = 255
Lab = tuple[float, float, float]

# D65, and linear red, green and blue to X, Y and Z.
_WHITE = (0.95047, 1.0, 1.08883)
_XYZ = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)


def look(points: list[Point], side: int) -> Icon:
    """Return the looks of a square of 16, 24 or 32 points in each direction."""
    edges = Areas(_edges(points, side), side)
    most, least = edges.most(2 * AREAS), edges.least(2 * AREAS)
    bright = Areas([max(point) for point in points], side)
    spread = _spread(points)
    if spread[3]:
        colours = Areas([_colour(point) for point in points], side)
        first, second = colours.most(AREAS), colours.least(AREAS)
    else:
        first = most[AREAS:]
        pairs = zip(least[AREAS:], first, strict=True)
        second = [Area(one.value, place.x, place.y) for one, place in pairs]
    return Icon(
        side,
        tuple(first),
        tuple(second),
        tuple(bright.most(AREAS)),
        tuple(bright.least(AREAS)),
        tuple(most[:AREAS]),
        tuple(least[:AREAS]),
        spread,
    )


def _saturation(point: Point) -> int:
    largest = max(point)
    return BRIGHTEST * (largest - min(point)) // largest if largest else 0


def _colour(point: Point) -> int:
    return int(_saturation(point) * sqrt(max(point)))


def _spread(points: list[Point]) -> tuple[int, ...]:
    """Return red, green, blue and coloured points in per cent; 0 if there are few."""
    coloured = [
        point
        for point in points
        if max(point) >= LEAST_COLOUR and _saturation(point) >= LEAST_COLOUR
    ]
    share = 100 * len(coloured) // len(points)
    if share < LEAST_COLOURED:
        return (0, 0, 0, 0)
    sums = [0, 0, 0]
    for point in coloured:
        smallest, middle, largest = sorted(point)
        for channel, value in enumerate(point):
            sums[channel] -= -100 * abs(value - middle) // (largest - smallest)
    return (*(total // len(coloured) for total in sums), share)


def _edges(points: list[Point], side: int) -> list[int]:
    found = _sobel([_distance(point) for point in points], side)
    largest = max(found)
    if largest:
        found = [value * BRIGHTEST // largest for value in found]
    else:
        found = [
            point[2] if 0 < at % side < side - 1 and 0 < at // side < side - 1 else 0
            for at, point in enumerate(points)
        ]
    return _smoothed(found, side)


def _sobel(values: list[float], side: int) -> list[int]:
    """Return the strength of the slope at each point, 0 at the rim."""
    found = [0] * len(values)
    for y in range(1, side - 1):
        for at in range(y * side + 1, y * side + side - 1):
            above, below = at - side, at + side
            corners = values[below + 1] - values[above - 1]
            others = values[above + 1] - values[below - 1]
            across = corners + others + 2 * (values[at + 1] - values[at - 1])
            down = corners - others + 2 * (values[below] - values[above])
            found[at] = int(sqrt(across * across + down * down))
    return found


def _smoothed(values: list[int], side: int) -> list[int]:
    found = values[:]
    for y in range(side):
        for at in range(y * side + 1, y * side + side - 1):
            found[at] = (values[at - 1] + 2 * values[at] + values[at + 1]) // 4
    for at in range(side, side * (side - 1)):
        found[at] = (found[at - side] + 2 * found[at] + found[at + side]) // 4
    return found


@lru_cache(4096)
def _distance(point: Point) -> float:
    pairs = zip(_lab(point), _GREY, strict=True)
    return sqrt(sum((one - grey) ** 2 for one, grey in pairs))


def _lab(point: Point) -> Lab:
    linear = [_LINEAR[part] for part in point]
    x, y, z = (
        _root(sum(map(float.__mul__, row, linear)) / white)
        for row, white in zip(_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116  # noqa: PLR2004 - CIE 15


def _linear(part: int) -> float:
    value = part / BRIGHTEST
    return ((value + 0.055) / 1.055) ** 2.4 if value > 0.04045 else value / 12.92  # noqa: PLR2004 - IEC 61966-2-1


_LINEAR = [_linear(part) for part in range(BRIGHTEST + 1)]
_GREY = _lab((127, 127, 127))
