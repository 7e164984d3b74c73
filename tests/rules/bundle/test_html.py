"""Behaviour of the rules for HTML."""

from rules.bundle.samples import Case, filler, text

_PAGE = (
    "<!DOCTYPE html><html><body><script>const data = ",
    ";\nconst bytes = Uint8Array.from(at",
    "ob(data), c => c.charCodeAt(0));\nconst blob = new Bl",
    "ob([bytes]);\n",
    "const a = document.createElement('a'); a.href = URL.createObject",
    "URL(blob);\na.download = 'a'; a.cli",
    "ck();</script>",
)


def page(literal: str) -> bytes:
    """A page that saves what a literal decodes to."""
    return text(_PAGE[0], literal, *_PAGE[1:])


CASES = {
    "Clearward_HTML_Smuggling": Case(
        samples=(
            page('"' + filler("UEsDBBQAAA", 160) + '"'),
            page("'" + filler("TVqQAAMAAA", 160) + "'"),
            page('"' + "A" * 200 + "BQ0Qw" + "MDEB" + filler("AAAA", 80) + '"'),
        ),
        near_misses=(
            page('"' + filler("iVBORw0KGgo", 160) + '"'),
            page('"data:application/zip;base64,' + filler("UEsDBBQAAA", 160) + '"'),
            text(
                "const template = '",
                filler("UEsDBBQAAA", 160),
                "'; module.exports = atob(template);",
            ),
            page("await response.text()"),
        ),
    ),
}
