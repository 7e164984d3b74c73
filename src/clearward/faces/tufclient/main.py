"""The command `clearward-tuf-client`: the updater, without the log, for any repository.

It is what test suites of other people talk to, so that what they show is shown of the
updater that `clearward update` has.

Source: tuf-conformance, CLIENT-CLI.md; the contract, "publish, witness, update".
"""

import argparse
import sys

from tuf.api.exceptions import DownloadError, RepositoryError

from clearward.core.errors import ClearwardError
from clearward.faces.text import escaped

_FAILED = 1
_MOST = 500  # characters of an error line


def main() -> None:
    """Do what the command line says; exit with 0, or with 1 and one line."""
    options = _parser().parse_args()
    try:
        _run(options)
    except (ClearwardError, RepositoryError, DownloadError, OSError) as error:
        line = escaped(" ".join(str(error).split()))
        sys.stderr.write(f"clearward-tuf-client: {line}"[:_MOST] + "\n")
        sys.exit(_FAILED)


def _run(options: argparse.Namespace) -> None:
    # Imported here, so that --help and wrong words are answered at once.
    from clearward.faces.tufclient import client  # noqa: PLC0415

    if options.command == "init":
        client.begin(options.metadata_dir, options.root)
        return
    targets = None
    if options.command == "download":
        targets = client.Targets(
            options.target_name, options.target_base_url, options.target_dir
        )
    client.refresh(options.metadata_dir, options.metadata_url, targets)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "clearward-tuf-client", description="A client for repositories of TUF."
    )
    parser.add_argument("--metadata-dir", required=True, metavar="D")
    parser.add_argument("--metadata-url", metavar="U")
    parser.add_argument("--target-name", action="append", default=[], metavar="T")
    parser.add_argument("--target-base-url", metavar="B")
    parser.add_argument("--target-dir", metavar="X")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="Begin with metadata of the role root.")
    init.add_argument("root", metavar="ROOT")
    commands.add_parser("refresh", help="Bring the metadata up to date.")
    commands.add_parser("download", help="Fetch targets as well.")
    return parser
