"""The command `clearward-clamscan`: how it starts, and how it can end."""

from clearward import __version__
from clearward.faces.clamav import start
from clearward.faces.clamav.options import Given
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.start import Program
from clearward.faces.clamscan.settings import OPTIONS

ENGINE = "1.4.6"  # whose lines these are
HELP = f"""Clearward {__version__}: takes the place of clamscan.

    clearward-clamscan [options] [file/directory/-]

"""


def main() -> None:
    """Run the command line; every way it can end has its status."""
    head = "\n" + "-" * 79 + "\n"
    start.main(Program("clamscan", OPTIONS, HELP, head, run))


def run(given: Given, output: Output) -> int:
    """Do what was given; the rest is imported when it is needed."""
    if given.on("version"):
        output.line(f"ClamAV {ENGINE}")
        return 0
    from clearward.faces.clamscan.run import run as run_all  # noqa: PLC0415

    return run_all(given, output, ENGINE)
