"""Open archives of YARA rules, inside the jail.

    kind      as it is published                                  read by
    yara-zip  a zip, such as YARA Forge's packages                `rule_zip`
    yara-tar  a tar in gzip, such as GitHub makes of a repository  `rule_tar`

An archive is good as a whole or refused as a whole, so that it never holds fewer rules
than somebody else finds in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from clearward.core.errors import Malformed
from clearward.jail import rule_tar, rule_zip
from clearward.jail.rule_members import Member, Unfit, take
from clearward.rules.source import Archive, Source

READERS: dict[str, Callable[[bytes], Iterator[Member]]] = {
    "yara-zip": rule_zip.members,
    "yara-tar": rule_tar.members,
}


def unpacked(source: Source) -> Source:
    """Return an archive as a source of YARA rules, with what is in it.

    Args:
        source: of a kind in `READERS`.
    """
    return replace(source, kind="yara", archive=_archive(source))


def _archive(source: Source) -> Archive:
    try:
        taken = take(READERS[source.kind](source.text), len(source.text))
    except Unfit as error:
        return Archive(refused=str(error))
    except Malformed as error:
        return Archive(refused=f"it is damaged: {error}")
    members = tuple(
        Source(source.number, source.label, "yara", source.origin, text, member=name)
        for name, text in taken.rules
    )
    return Archive(members, taken.others)
