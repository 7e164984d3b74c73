"""`clearward prove`: attack a real worker and show the answers."""

from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.faces.cli.options import Json, Rules


def prove(
    json: Json = False,
    rules: Rules = None,
    egress: Annotated[
        bool,
        typer.Option("--egress", help="Try to leave unseen, in a network of its own."),
    ] = False,
) -> None:
    """Attack a real worker from inside and show what the kernel answered.

    With --egress: see in a network namespace of its own that nothing leaves unasked,
    that nothing but updates needs a way out, that the ledger tells what the kernel
    counts, to the byte, and that two homes cannot be told apart by what they send.

    Exits with 0 only if everything was blocked.
    """
    # Imported here so that --help does not pay for it.
    if egress:
        if rules:
            raise Refused("prove --egress: takes no --rules")
        from clearward.faces.cli.run_prove_egress import prove_egress

        raise typer.Exit(0 if prove_egress(json=json) else 1)
    from clearward.faces.cli.run_prove import prove_jail

    raise typer.Exit(0 if prove_jail(tuple(rules or ()), json=json) else 1)
