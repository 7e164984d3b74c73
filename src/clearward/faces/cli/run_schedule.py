"""What the subcommands of `clearward schedule` do."""

import json as json_text
import os
import shlex
import sys
from dataclasses import asdict
from typing import Any

from clearward.core.errors import Refused
from clearward.core.verdict import Outcome
from clearward.egress.webhook import Webhook
from clearward.faces.cli.run_ledger_witness import cosign_after
from clearward.faces.schedule import places
from clearward.faces.schedule.plan import Plan
from clearward.faces.schedule.store import Folder, unit_folder
from clearward.faces.schedule.units import Setting
from clearward.faces.text import escaped
from clearward.stores.home import home

_OUTCOMES = {1: Outcome.FOUND, 2: Outcome.UNSCANNED}


def add(plan: Plan, named: str | None, *, json: bool) -> None:
    """Write the units of a plan, and say how to switch them on."""
    folder = unit_folder(named)
    system = os.geteuid() == 0
    home = os.environ.get("CLEARWARD_HOME", "")
    home = os.path.abspath(home) if home else ""
    folder.write(plan, Setting(_command(), system, home))
    enable = _systemctl("enable --now", plan.name)
    if json:
        _say_json(_row(plan, folder) | {"enable": enable})
        _say_json({"summary": {"added": 1}})
        return
    for path in folder.texts(plan.name):
        _say(f"wrote {path}")
    _say(f"To switch it on: {enable}")


def list_all(named: str | None, *, json: bool) -> None:
    """List the plans."""
    folder = unit_folder(named)
    plans = folder.plans()
    for plan in plans:
        if json:
            _say_json(_row(plan, folder))
        else:
            what = " ".join([plan.kind] * (plan.kind != "paths") + [*plan.paths])
            _say(f"{plan.name}  {plan.calendar}  {what}")
    if json:
        _say_json({"summary": {"schedules": len(plans)}})


def show(name: str, named: str | None, *, json: bool) -> None:
    """Show the units of a plan."""
    folder = unit_folder(named)
    plan = folder.plan(name)
    texts = folder.texts(name)
    if json:
        _say_json(_row(plan, folder) | {"units": texts})
        _say_json({"summary": {"schedules": 1}})
        return
    for path, text in texts.items():
        _say(f"# {path}")
        for line in text.splitlines():
            _say(line)


def remove(name: str, named: str | None, *, json: bool) -> None:
    """Remove the units of a plan, and say how to make systemd forget them."""
    folder = unit_folder(named)
    folder.remove(name)
    stop = _systemctl("stop", name)
    if json:
        _say_json({"name": name, "stop": stop})
        _say_json({"summary": {"removed": 1}})
    else:
        _say(f"To make it effective at once: {stop}")


def scan_words(paths: list[str], *, quick: bool, full: bool) -> list[str]:
    """Return what is to be scanned now.

    Raises:
        Refused: nothing was asked for.
    """
    found = [os.fsdecode(path) for path in places.full()] if full else []
    if quick and not full:
        found = [os.fsdecode(path) for path in places.quick(places.homes())]
    words = [*paths, *found]
    if not words:
        raise Refused("nothing to scan: name a path, --quick or --full")
    return words


def teller(url: str) -> Webhook | None:
    """Return what tells of a scan, before it begins.

    Raises:
        Refused: the address is none.
    """
    return Webhook(home(), url) if url else None


def tell(hook: Webhook | None, paths: list[str], status: int) -> None:
    """Tell of a scan that did not find everything clean.

    Args:
        hook: who is told, if anybody.
        paths: that were scanned.
        status: of the scan.
    """
    if hook is None or not status:
        return
    outcome = _OUTCOMES.get(status, Outcome.UNSCANNED).value
    shown = [escaped(path) for path in paths]
    hook.give({"event": "scan", "outcome": outcome, "paths": shown})
    hook.close()
    if hook.dropped:
        sys.stderr.write("clearward: the notice was not delivered\n")
    cosign_after(hook.door)


def _command() -> tuple[str, ...]:
    """How this program is started again, whatever the search path is then."""
    started = os.path.abspath(sys.argv[0])
    if os.path.basename(started) == "clearward" and os.access(started, os.X_OK):
        return (started,)
    return (sys.executable, "-m", "clearward")


def _systemctl(what: str, name: str) -> str:
    """Return the command line that a person runs then; nothing here starts it."""
    control = "systemctl" if os.geteuid() == 0 else "systemctl --user"
    unit = shlex.quote(f"clearward-scan-{name}.timer")
    if what == "stop":
        return f"{control} stop {unit}; {control} daemon-reload"
    return f"{control} daemon-reload && {control} {what} {unit}"


def _row(plan: Plan, folder: Folder) -> dict[str, Any]:
    units = {"timer": folder.timer(plan.name), "service": folder.service(plan.name)}
    return asdict(plan) | units


def _say(line: str) -> None:
    sys.stdout.write(escaped(line) + "\n")


def _say_json(row: dict[str, Any]) -> None:
    sys.stdout.write(json_text.dumps(row) + "\n")
