"""Tests of the packet filter: of clearward's units only the update speaks to others.

The kernel filters: in a network of the test's own, from control groups named as systemd
names those of the units.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "packaging/nftables/clearward.nft"
UNITS = ("clearward", "clearward-update", "clearward-guard", "clearward-witness")
SETUP = """
set -e
mount -t cgroup2 none /sys/fs/cgroup
groups=/sys/fs/cgroup/system.slice
trap 'echo $$ > /sys/fs/cgroup/cgroup.procs; rmdir $groups/*.service $groups' EXIT
for unit in "$@"; do mkdir -p $groups/$unit.service; done
ip link add d0 type veth peer name d1
ip addr add 10.9.9.1/24 dev d0
ip link set d0 up
ip link set d1 up
ip link set lo up
ip neigh replace 10.9.9.2 lladdr 02:00:00:00:00:01 dev d0
nft -f "$0"
for unit in "$@"; do
    sh -c "echo \\$\\$ > $groups/$unit.service/cgroup.procs
           exec python3 -c '
import socket
for address in (\\"10.9.9.2\\", \\"127.0.0.1\\"):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b\\"x\\", (address, 9))
    except OSError:
        print(\\"$unit\\", address, \\"held\\")
    else:
        print(\\"$unit\\", address, \\"let\\")
'"
done
nft list chain inet clearward speaking
"""

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, ("nft", "ip", "unshare"))),
    reason="only root, with nft and ip, can filter a network of its own",
)


def test_only_the_update_speaks_to_others() -> None:
    done = subprocess.run(
        ("unshare", "-m", "-n", "sh", "-c", SETUP, str(RULES), *UNITS, "other"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "cgroup2" in done.stderr or "veth" in done.stderr:
        pytest.skip(f"this kernel cannot: {done.stderr.splitlines()[0]}")
    assert done.stderr == ""
    said = dict(re.findall(r"^(\S+ 10\S+) (held|let)$", done.stdout, re.MULTILINE))
    held = {name.split()[0] for name, word in said.items() if word == "held"}
    assert held == set(UNITS) - {"clearward-update"}
    assert len(said) == len(UNITS) + 1
    # What stays on the machine is nobody's matter.
    assert len(re.findall(r"127\.0\.0\.1 let$", done.stdout, re.MULTILINE)) == len(said)
    dropped = re.findall(r"packets (\d+) bytes \d+ drop", done.stdout)
    assert dropped == ["1"] * (len(UNITS) - 1)
