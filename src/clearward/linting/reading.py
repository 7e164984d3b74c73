"""Let the jail read rules for what they must not look for.

The text of rules comes from outside, so it is read where files are: in a zygote, which
says what it found by the same table that names the rules of a scan.
"""

from types import TracebackType
from typing import Self

from clearward.core.errors import Refused
from clearward.core.names import RuleName, Table
from clearward.jail.control import Settings, SourceHead
from clearward.jail.launch import Kind, Launched
from clearward.jail.sources import IMAGE, Gathered, gather
from clearward.jail.spawn import Zygote
from clearward.linting.findings import Finding, Linted

_WHY = frozenset(
    ("marking", "document-words", "document-type", "targeting", "opaque-hash")
)


class Reading:
    """Rule sources that are being read. Use it in a `with` block.

    The zygote works from the start; `linted` waits for it.

    Args:
        paths: rule files and folders.

    Raises:
        Refused: a source cannot be used, or has no text.
        Unavailable: the jail could not be started.
    """

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._gathered = gather(paths, "local")
        try:
            _check(self._gathered)
            settings = Settings(test_file=False, lint=True)
            self._zygote = Zygote(settings, Launched(Kind.LINT))
        except BaseException:
            self._gathered.close()
            raise

    def __enter__(self) -> Self:
        try:
            for number, file in enumerate(self._gathered.files):
                head = SourceHead(number, file.label, file.kind, file.origin, file.size)
                self._zygote.add_source(head, file.descriptor)
            self._zygote.begin()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def linted(self) -> Linted:
        """Return what was found, by reading alone.

        Raises:
            Unavailable: the jail has gone, or takes too long.
        """
        table, _ = self._zygote.load()
        files = self._gathered.files
        unread = tuple((files[one.source].label, one.message) for one in table.problems)
        findings = [each for rule in table.rules for each in self._of(rule, table)]
        return Linted(dict(table.left).get("rules", 0), tuple(findings), unread)

    def _of(self, rule: RuleName, table: Table) -> list[Finding]:
        label = rule.place(self._gathered.files[rule.source].label)
        digest = table.digests[rule.source]
        return [
            Finding(rule.name, label, why, detail, digest)
            for why, detail in rule.meta
            if why in _WHY
        ]

    def _close(self) -> None:
        self._zygote.close()
        self._gathered.close()


def _check(gathered: Gathered) -> None:
    """Refuse what cannot be read as text."""
    if not gathered.files:
        raise Refused("there is no rule source to lint")
    for file in gathered.files:
        if file.kind == IMAGE:
            raise Refused(
                f"{file.label}: an image has no text to lint; name its sources, "
                "or use clearward rules probe"
            )
