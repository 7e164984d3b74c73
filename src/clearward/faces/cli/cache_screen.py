"""What is remembered, as a table on a terminal."""

from rich.console import Console
from rich.table import Table

from clearward.faces.cli.cache_words import cells
from clearward.stores.verdicts.inventory import Inventory


def show_table(held: Inventory, console: Console | None = None) -> None:
    """Print a table, a row for each rules and settings.

    Args:
        held: what is remembered.
        console: to print to; standard output if it is None.
    """
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("rules", no_wrap=True)
    table.add_column("files", justify="right", no_wrap=True)
    table.add_column("last used", no_wrap=True)
    for share in held.shares:
        table.add_row(*cells(share))  # digits and letters, no brackets
    (console or Console(highlight=False)).print(table)
