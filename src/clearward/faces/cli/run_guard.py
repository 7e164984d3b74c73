"""Run the guard over a desk of its own, to a clean end."""

import asyncio
import gc
import json as json_text
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from clearward.core.errors import Unavailable
from clearward.core.limits import Limits
from clearward.core.verdict import Outcome
from clearward.egress.webhook import Webhook
from clearward.faces.cli.isolating import isolating
from clearward.faces.cli.run_ledger_witness import cosign_after
from clearward.faces.guard.guard import Choice, Guard
from clearward.faces.guard.marks import root
from clearward.faces.guard.notices import Notices
from clearward.faces.guard.report import Report, row, table
from clearward.faces.guard.seen import Seen, Trouble
from clearward.faces.guard.status import Status
from clearward.faces.text import escaped
from clearward.jail import fanotify
from clearward.jail.descriptors import raise_limit
from clearward.service.desk import Desk
from clearward.service.following import Following
from clearward.service.loading import loader, sources
from clearward.service.logs import logger
from clearward.service.notify import notifier
from clearward.stores.home import home
from clearward.wiring import RuleChoice, ScanChoice

_COLLECT_AFTER = 50_000  # new objects; the default of 700 looks for circles too often
_SOON = 0.5  # seconds between two looks at what is excluded
_LAST = 5.0  # seconds for the last notices
_OFTEN = 2.0  # seconds between two writes of the status


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for; see the options of `clearward guard`."""

    paths: tuple[str, ...]
    json: bool = False
    opens: bool = False
    notify: bool = False
    containers: bool = False
    first: bool = True
    deadline: float = 5.0
    allow: bool = True
    allow_unscanned: bool = True
    patterns: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    users: tuple[int, ...] = ()
    notify_command: str = ""
    notify_socket: str = ""
    notify_url: str = ""
    quarantine: bool = False
    rules: tuple[str, ...] = ()
    default_rules: bool = True
    strict: bool = False
    unwanted: bool = False
    jobs: int = 1
    require: str = "B"
    limits: Limits = field(default_factory=Limits)
    top: int = 10

    def choice(self, state: str) -> Choice:
        """What the guard itself has to know; nobody waits for files in the home."""
        return Choice(
            roots=tuple(map(root, self.paths)),
            opens=self.opens,
            notify=self.notify,
            containers=self.containers,
            first=self.first,
            deadline=self.deadline,
            allow=self.allow,
            allow_unscanned=self.allow_unscanned,
            programs=self.programs,
            users=self.users,
            patterns=self.patterns,
            apart=(os.path.realpath(state),),
            most_size=self.limits.file_size,
        )


def run(request: Request) -> int:
    """Guard until a signal ends it; return the exit status.

    Raises:
        Refused: a path, a rule source or an option cannot be used.
        Unavailable: a right is missing, or the jail could not be started, or somebody
            has ended the gate.
    """
    running = _Running(request)
    # Before seconds are spent on a jail.
    os.close(fanotify.asking_group())
    gc.set_threshold(_COLLECT_AFTER)
    raise_limit()
    return asyncio.run(running.guard())


def show_status(*, json: bool, top: int) -> None:
    """Print what the running guard has done.

    Raises:
        Unavailable: none is running.
    """
    status = Status(home()).read()
    summary = status.get("summary", {})
    for name in ("top_files", "top_programs"):
        summary[name] = summary.get(name, [])[:top]
    if json:
        sys.stdout.write(json_text.dumps({"summary": status}) + "\n")
        return
    lines = [f"guard {' '.join(status['paths'])} since {status['since']}"]
    sys.stdout.write("\n".join(lines + table(summary)) + "\n")


class _Running:
    """A guard while it runs."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._choice = request.choice(home())
        self._status = Status(home())
        self._since = datetime.now(UTC)
        self._report = Report(sys.stdout.fileno(), json=request.json)
        self._notices = Notices(request.notify_command, request.notify_socket)
        url = request.notify_url
        self._webhook = Webhook(home(), url) if url else None

    async def guard(self) -> int:
        request = self._request
        manager = notifier(os.environ)
        rules = RuleChoice(
            request.rules, request.default_rules, request.strict, request.unwanted
        )
        how = ScanChoice(
            request.limits, jobs=request.jobs, require=request.require, serving=True
        )
        log = logger(sys.stderr, os.environ)
        desk = Desk(loader(rules, how, log), jobs=request.jobs, log=log)
        isolate = isolating(desk) if request.quarantine else None
        self._guard = Guard(self._choice, desk, self._tell, desk.known, isolate)
        async with AsyncExitStack() as stack:
            ending = self._obey(desk)
            changes = Following(sources(rules), desk.reload)
            await desk.start()
            stack.push_async_callback(desk.close)
            await stack.enter_async_context(changes)
            await self._guard.start()
            stack.callback(self._guard.close)
            self._status.end_old_gate()
            gc.freeze()
            self._say_ready()
            manager.ready(f"{desk.in_force.count} rules, protection {desk.level}")
            beside = (
                self._keep_status(),
                manager.watch(lambda: desk.ready),
                self._follow_exclusions(desk),
            )
            tasks = [asyncio.create_task(one) for one in beside]
            await self._last(ending)
            for task in tasks:
                task.cancel()
            manager.stopping()
        self._report.close(self._guard.summary(request.top))
        self._end_notices()
        return 0

    def _end_notices(self) -> None:
        self._notices.close()
        if self._webhook is not None:
            self._webhook.close(_LAST)
            cosign_after(self._webhook.door)

    def _tell(self, said: Seen | Trouble) -> None:
        self._report.tell(said)
        if isinstance(said, Seen) and said.outcome is Outcome.FOUND:
            notice = row(said, datetime.now(UTC))
            self._notices.give(notice)
            if self._webhook is not None:
                self._webhook.give(notice)

    def _obey(self, desk: Desk) -> asyncio.Event:
        """Reload on SIGHUP; the event is set when the guard is told to end."""
        loop = asyncio.get_running_loop()
        ending = asyncio.Event()
        desk.reloaded = self._guard.forget
        loop.add_signal_handler(signal.SIGHUP, desk.reload)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
        return ending

    async def _last(self, ending: asyncio.Event) -> None:
        """Wait for the end, or for the gate's."""
        told = asyncio.create_task(ending.wait())
        lost = asyncio.create_task(self._guard.lost())
        await asyncio.wait((told, lost), return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
        if not told.done():
            told.cancel()
            raise Unavailable("the gate and its standby were ended: nothing is guarded")

    async def _follow_exclusions(self, desk: Desk) -> None:
        """Have what was found forgotten when something else is excluded."""
        before = desk.exclusions_stamp
        while True:
            await asyncio.sleep(_SOON)
            now = desk.exclusions_stamp
            if now is not None and now != before:
                self._guard.forget()
                before = now

    async def _keep_status(self) -> None:
        while True:
            self._status.write(self._state())
            self._notices.go_on()
            await asyncio.sleep(_OFTEN)

    def _state(self) -> dict[str, Any]:
        return {
            "process": os.getpid(),
            "gate": self._guard.gate_process,
            "since": self._since.isoformat(timespec="seconds"),
            "paths": [escaped(path) for path in self._request.paths],
            "notices_dropped": self._dropped(),
            "summary": self._guard.summary(1000),
        }

    def _dropped(self) -> int:
        sent = self._webhook.dropped if self._webhook is not None else 0
        return self._notices.dropped + sent

    def _say_ready(self) -> None:
        paths = " ".join(f"guard={escaped(path)}" for path in self._request.paths)
        with suppress(OSError):
            sys.stderr.write(f"ready {paths}\n")
            sys.stderr.flush()
