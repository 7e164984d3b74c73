"""The command `clearward-clamdscan`: how it starts, and how it can end."""

import os

from clearward import __version__
from clearward.faces.clamav import start
from clearward.faces.clamav.options import Given, read_table
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.start import Program

with open(
    os.path.join(os.path.dirname(__file__), "options.txt"), encoding="utf-8"
) as table:
    OPTIONS = read_table(table.read())

HELP = f"""Clearward {__version__}: takes the place of clamdscan.

    clearward-clamdscan [options] [file/directory/-]

"""


def main() -> None:
    """Run the command line; every way it can end has its status."""
    start.main(Program("clamdscan", OPTIONS, HELP, "-" * 38, run, echo=True))


def run(given: Given, output: Output) -> int:
    """Do what was given; the rest is imported when it is needed."""
    from clearward.faces.clamdscan.run import run as run_all  # noqa: PLC0415

    return run_all(given, output)
