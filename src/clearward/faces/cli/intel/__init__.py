"""`clearward intel`: the subcommands of threat intelligence."""
