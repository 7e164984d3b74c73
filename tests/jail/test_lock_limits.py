"""What the limits of a worker stop, in processes of their own."""

import resource
import signal

import pytest
from support.child import after, python


def test_the_limits_of_a_worker_are_hard() -> None:
    found = after(
        """
import resource
lock.limit_worker(100 << 20, 90)
names = "FSIZE CORE NPROC MEMLOCK MSGQUEUE NOFILE DATA CPU".split()
print(json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
                  for name in names}))
"""
    )
    assert found.pop("CPU") == [90, 91]
    most = dict.fromkeys(("FSIZE", "CORE", "NPROC", "MEMLOCK", "MSGQUEUE"), 0)
    expected = {**most, "NOFILE": 1024, "DATA": 100 << 20}
    assert found == {name: [size, size] for name, size in expected.items()}


def test_a_limit_is_never_raised_above_what_was_allowed() -> None:
    found = after(
        """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (50, 60))
lock.limit_worker(2 << 30, 90)
lock.limit_data(4 << 30)
print(json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
                  for name in ("NOFILE", "DATA", "CPU")}))
"""
    )
    data = [1 << 30, 1 << 30]
    assert found == {"NOFILE": [64, 64], "DATA": data, "CPU": [60, 60]}


@pytest.mark.parametrize(
    ("before", "signal_number"),
    [("", signal.SIGXCPU), ("signal.signal(signal.SIGXCPU, signal.SIG_IGN)", 9)],
)
def test_a_worker_that_works_for_ever_is_ended_and_cannot_put_it_off(
    before: str, signal_number: int
) -> None:
    done = python(
        f"""
        import signal
        from clearward.jail import lock
        {before}
        lock.limit_worker(1 << 30, 1)
        while True:
            pass
        """
    )
    assert done.returncode == -signal_number


def test_the_limit_on_data_stops_an_allocation_with_an_error() -> None:
    done = python(
        """
        from clearward.jail import lock
        lock.limit_data(64 << 20)
        try:
            bytes(256 << 20)
        except MemoryError:
            print("stopped")
        """
    )
    assert done.stdout.strip() == b"stopped", done.stderr


def test_the_limit_on_data_stays_soft_so_that_workers_can_have_their_own() -> None:
    found = after(
        """
import resource
lock.limit_data(1 << 30)
print(json.dumps({"data": resource.getrlimit(resource.RLIMIT_DATA)}))
"""
    )
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    assert found["data"] == [1 << 30, hard]
