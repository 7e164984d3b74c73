r"""The service and the timer of a plan, as text.

What a path holds cannot end a line or begin a specifier: everything but plain letters
is written as ``\\xNN``, a percent sign and a dollar twice.

Source: systemd.service(5), "Command lines"; systemd.timer(5); systemd.exec(5).
"""

import os
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.schedule.plan import Plan

MARK = "# clearward schedule: "
PREFIX = "clearward-scan-"
_PLAIN = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /._-+,:=@~#*?!()"
)
# So that not all machines of a site begin at once; seconds.
_DELAYS = {"hourly": 300, "daily": 3600, "weekly": 4 * 3600}
_DELAY = 900
# A system's service: what scanning does not need is taken away. Its jail needs the
# capabilities; packaging/systemd/clearward.service says which for what.
_LOCKED = """\
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SETUID CAP_SETGID CAP_SETPCAP \
CAP_KILL CAP_DAC_READ_SEARCH
NoNewPrivileges=yes
PrivateNetwork=yes
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
StateDirectory=clearward
StateDirectoryMode=0700
"""
_READ_ONLY = """\
ProtectSystem=strict
ProtectHome=read-only
"""
# A user's manager may not do most of that.
_LOCKED_USER = """\
NoNewPrivileges=yes
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where units are for, and what they start.

    Attributes:
        command: the program and its first arguments.
        system: units of the system, not of a user.
        home: the folder that holds what is kept, if it is not the usual one.
    """

    command: tuple[str, ...]
    system: bool
    home: str = ""


def quoted(text: str, *, dollar: str = "$$") -> str:
    """Return a word of a setting, in quotation marks.

    Args:
        text: what the word is to mean.
        dollar: how a dollar sign is written: twice in command lines.
    """
    made = ""
    for byte in os.fsencode(text):
        sign = chr(byte)
        if sign in "%$":
            made += "%%" if sign == "%" else dollar
        else:
            made += sign if byte in _PLAIN else f"\\x{byte:02x}"
    return f'"{made}"'


def service(plan: Plan, setting: Setting) -> str:
    """Return the text of the service.

    Raises:
        Refused: the program's own path cannot stand in a unit.
    """
    program, *first = setting.command
    if not frozenset(os.fsencode(program)) <= _PLAIN - {ord(" ")}:
        raise Refused(f"{program!r} cannot stand in a unit of systemd")
    words = " ".join([program, *map(quoted, (*first, *_arguments(plan)))])
    lines = [
        MARK + plan.to_json(),
        "[Unit]",
        f"Description=Scan {plan.name} of clearward",
        "Documentation=man:clearward(1)",
    ]
    if not plan.on_battery:
        lines.append("ConditionACPower=true")
    lines += ["", "[Service]", "Type=oneshot", f"ExecStart={words}"]
    if plan.accept_unscanned:
        lines.append("SuccessExitStatus=2")
    if setting.home:
        lines.append(f"Environment={_plain('CLEARWARD_HOME=' + setting.home)}")
    lines += [
        "Nice=19",
        "IOSchedulingClass=idle",
        "CPUSchedulingPolicy=batch",
        "TimeoutStartSec=infinity",
        "KillMode=mixed",
        "LimitCORE=0",
        "UMask=0077",
    ]
    return "\n".join([*lines, _locks(plan, setting)])


def timer(plan: Plan) -> str:
    """Return the text of the timer."""
    delay = _DELAYS.get(plan.calendar, _DELAY)
    return f"""{MARK}{plan.to_json()}
[Unit]
Description=Times of the scan {plan.name} of clearward
Documentation=man:clearward(1)

[Timer]
OnCalendar={plan.calendar}
Persistent=true
RandomizedDelaySec={delay}
AccuracySec=1min

[Install]
WantedBy=timers.target
"""


def _arguments(plan: Plan) -> list[str]:
    words = ["schedule", "run"]
    if plan.kind != "paths":
        words.append(f"--{plan.kind}")
    if plan.quarantine:
        words.append("--quarantine")
    for source in plan.rules:
        words += ["--rules", source]
    if plan.notify_url:
        words += ["--notify-url", plan.notify_url]
    return [*words, "--", *plan.paths]


def _locks(plan: Plan, setting: Setting) -> str:
    """What is taken away; moving files away needs a file system that can be written."""
    if not setting.system:
        return _LOCKED_USER
    locked = _LOCKED
    if plan.notify_url:  # the command speaks at its end; its workers cannot
        locked = locked.replace("PrivateNetwork=yes\n", "")
        locked = locked.replace("=AF_UNIX\n", "=AF_UNIX AF_INET AF_INET6\n")
    if plan.quarantine:
        # Also the rights to read and to remove what belongs to anybody.
        return locked.replace(
            "CAP_DAC_READ_SEARCH",
            "CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_FOWNER CAP_CHOWN",
        ).replace("RestrictSUIDSGID=yes\n", "")
    writable = f"ReadWritePaths={_plain('-' + setting.home)}\n" if setting.home else ""
    return locked + _READ_ONLY + writable


def _plain(text: str) -> str:
    return quoted(text, dollar="$")
