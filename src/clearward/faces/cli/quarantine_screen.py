"""The list of the quarantine on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clearward.faces.cli.quarantine_words import when, why
from clearward.faces.text import escaped, shown
from clearward.stores.quarantine.store import Item


def show_table(items: Iterable[Item], console: Console | None = None) -> None:
    """Print a table, a row an entry.

    Args:
        items: the entries.
        console: to print to; standard output if it is None.
    """
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("bytes", justify="right", no_wrap=True)
    table.add_column("path", overflow="fold")
    table.add_column("because of", overflow="fold")
    for item in items:
        record = item.record
        if record is None:
            damage = Text(escaped(item.damage), "yellow")
            table.add_row(item.identifier, "", "", Text("damaged", "yellow"), damage)
            continue
        because = Text(why(record), "bold red" if record.found.rules else "")
        if not item.settled:
            because.append(" (may still be in its old place)", "yellow")
        path = Text(shown(record.path))  # rich would read brackets in a string
        size = f"{record.size:,}"
        table.add_row(item.identifier, when(record), size, path, because)
    (console or Console(highlight=False)).print(table)
