"""What is known of digests, and what asking reveals, as tables on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clearward.faces.cli.lookup_subjects import Subject
from clearward.faces.cli.lookup_words import cells
from clearward.reputation.lookup import Answer, State
from clearward.reputation.revealed import WHOLE, Revealed

_STYLES = {State.KNOWN: "bold red", State.UNDECIDED: "yellow"}


def show_answers(
    pairs: Iterable[tuple[Subject, Answer]], console: Console | None = None
) -> None:
    """Print a table: what was looked up, as what it is known, and who says so.

    Args:
        pairs: subjects and what is said of them.
        console: to print to; standard output if it is None.
    """
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("digest or file", overflow="fold")
    table.add_column("known as", overflow="fold")
    table.add_column("source", overflow="fold")
    for subject, answer in pairs:
        style = _STYLES.get(answer.state, "")
        for what, name, source in cells(subject, answer):
            # Text, since rich would read brackets in a string.
            table.add_row(Text(what), Text(name, style), Text(source))
    (console or _console()).print(table)


def show_revealed(
    ways: Iterable[tuple[Revealed, bool]], console: Console | None = None
) -> None:
    """Print a table: what each way of looking this up reveals, the one used first.

    Args:
        ways: and whether it was used.
        console: to print to; standard output if it is None.
    """
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("way", no_wrap=True)
    table.add_column("what is seen", overflow="fold")
    table.add_column("by whom", overflow="fold")
    table.add_column("of one file", justify="right")
    table.add_column("of any listed file", justify="right")
    for one, used in ways:
        way = f"{one.way} (used)" if used else one.way
        bits = [f"{value:.1f} bits" for value in (one.file_bits, one.any_bits)]
        table.add_row(way, one.what, one.who, *bits)
    shown = console or _console()
    shown.print(table)
    shown.print(f"for scale: sending the digest itself reveals {WHOLE:.0f} bits")


def _console() -> Console:
    return Console(highlight=False)
