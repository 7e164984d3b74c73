"""Kill a copy of this process at one of its changes of a token or a folder.

A token has no system calls to stop at, and how safely it writes is its own affair. So a
kill is just before, or just after, one of the operations that change something in it.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from clearward.publishing.token import Token
from clearward.publishing.token_keys import TokenKeys

TOKEN = ((Token, "generate"), (TokenKeys, "_call"), (TokenKeys, "_destroy"))
FILES = ((os, "rename"), (os, "unlink"))


def killed(
    action: Callable[[], object],
    number: int,
    *,
    before: bool,
    changes: tuple[tuple[object, str], ...] = TOKEN,
) -> bool:
    """Run an action in a copy that is killed at one of its changes.

    Args:
        action: opens the module itself: it must not be loaded here.
        number: of the change, from 0.
        before: it is not made any more; else it is the last that was.
        changes: that are counted.

    Returns:
        Whether it came that far; else it ended by itself.
    """
    process = os.fork()
    if process == 0:
        with suppress(BaseException):
            _count(number, changes, before=before)
            action()
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _count(
    number: int, changes: tuple[tuple[object, str], ...], *, before: bool
) -> None:
    left = number

    def counting(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401
            nonlocal left
            left -= 1
            if left < 0 and before:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = change(*arguments, **more)
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return changed

    for place, name in changes:
        setattr(place, name, counting(getattr(place, name)))
