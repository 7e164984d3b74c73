"""Open a repository to publish in it: its keys, its log, and nobody else beside."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from clearward.core.errors import Refused
from clearward.publishing.begun import Bench
from clearward.publishing.history import Cosign, History
from clearward.publishing.keys import Keys, log_signers, settle
from clearward.publishing.making import Maker
from clearward.publishing.metadata import Publisher
from clearward.publishing.published import TIMESTAMP, newest_root
from clearward.publishing.releasing import Releasing
from clearward.publishing.repository import Repository, alone, make_folder
from clearward.updates.policy import Policy

_STATE = ".publish"  # in the repository, if the keys are in no folder


@dataclass(frozen=True, slots=True)
class Publishing:
    """What a person says of each command.

    Attributes:
        repository: where clients look.
        keys: of its roles and its log.
        now: UTC.
        lifetime: of the timestamp.
    """

    repository: Repository
    keys: Keys
    now: datetime
    lifetime: timedelta

    @property
    def publisher(self) -> Publisher:
        """What signs metadata."""
        return Publisher(self.repository, self.keys, self.now, self.lifetime)

    @contextmanager
    def releasing(
        self, maker: Maker, witnesses: Callable[[Policy], Cosign]
    ) -> Iterator[Releasing]:
        """Give what makes releases; others are kept out meanwhile.

        Raises:
            Refused: there is no repository, or the key of the log is missing.
            Unavailable: somebody else publishes there.
        """
        if not self.repository.has(TIMESTAMP):
            raise Refused(f"{self.repository.folder}: no repository; see publish init")
        policy = self.repository.policy()
        state = self.keys.state() or os.path.join(self.repository.folder, _STATE)
        with ExitStack() as stack:
            stack.enter_context(alone(self.repository.folder))
            make_folder(state)
            stack.enter_context(alone(state))
            settle(self.keys, newest_root(self.repository).signed)
            # The newest key of the log is named last.
            public = policy.logs[-1].key
            history = History(
                self.repository.log(public.name),
                partial(log_signers, self.keys, public),
                witnesses(policy),
            )
            yield Releasing(self.publisher, history, Bench(state), maker)
