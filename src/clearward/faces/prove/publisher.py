"""A publisher in the lab: a repository of published rules that the peer serves."""

import os
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.faces.prove.lab import FAR
from clearward.faces.prove.running import Home

_ORIGIN = "lab.example/log"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes releases of one rule.

    Attributes:
        folder: everything below it is the publisher's own.
        served: the folder that the peer serves.
    """

    folder: str
    served: str

    @property
    def trust(self) -> str:
        """The folder that machines are given once."""
        return os.path.join(self.served, "trust")

    @property
    def address(self) -> str:
        """Where machines find it."""
        return f"http://{FAR.address.ip}/"

    def begin(self) -> None:
        """Make an empty repository, and publish a first release.

        Raises:
            Unavailable: that cannot be done.
        """
        self._run("init", "--origin", _ORIGIN)
        self.release(1)

    def release(self, number: int) -> None:
        """Publish a release.

        Raises:
            Unavailable: that cannot be done.
        """
        rule = os.path.join(self.folder, "lab.yar")
        os.makedirs(self.folder, exist_ok=True)
        with open(rule, "w", encoding="ascii") as file:
            file.write(f'rule lab_{number} {{ strings: $a = "lab" condition: $a }}\n')
        self._run("add", rule)

    def _run(self, *words: str) -> None:
        keys = os.path.join(self.folder, "keys")
        where = ("--repo", self.served, "--keys", keys)
        status = Home(self.folder).run("publish", *words, *where)
        if status:
            raise Unavailable(f"publish {words[0]} in the lab: status {status}")


def update(home: Home, publisher: Publisher) -> None:
    """Bring the rules of a home up to date.

    Raises:
        Unavailable: that does not work.
    """
    source = ("--from", publisher.address, "--trust", publisher.trust)
    status = home.run("update", *source)
    if status:
        raise Unavailable(f"update in the lab: status {status}")
