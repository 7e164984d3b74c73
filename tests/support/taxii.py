"""An intelligence server as its users see it: started by the command, asked by HTTP."""

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from support.command import COMMAND, clearward

TAXII = "application/taxii+json;version=2.1"
TIME = "2024-01-01T00:00:00.000Z"
LATER = "2025-01-01T00:00:00.000Z"
PASSWORD = "a password of a test"  # noqa: S105 - of nobody


@dataclass(frozen=True, slots=True)
class Said:
    """An answer."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.json.get("objects", [])]


@dataclass(slots=True)
class Instance:
    """A store with a server.

    Attributes:
        folder: of its home.
        environment: of its commands.
        port: that it answers at.
    """

    folder: Path
    environment: dict[str, str]
    port: int = 0
    passwords: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, status: int = 0) -> dict[str, Any]:
        """Run a subcommand of `clearward intel`; return its summary."""
        ran = clearward("intel", *words, "--json", environment=self.environment)
        assert ran.status == status, ran.err
        return ran.summary if ran.out else {}

    def user(self, name: str, org: str, *words: str, password: str = PASSWORD) -> str:
        """Make a user; return the id of his organisation."""
        path = self.folder / "password"
        path.write_text(password + "\n")
        self.passwords[name] = password
        made = self.run(
            "user", "add", name, "--password-file", str(path), "--org", org, *words
        )
        return str(made["identity"])

    def collection(self, title: str, *words: str) -> str:
        """Make a collection; return the path of its objects."""
        id = self.run("collection", "add", title, *words)["id"]
        return f"/intel/collections/{id}/"

    def ask(
        self,
        user: str | None,
        path: str,
        *,
        method: str = "GET",
        body: object = None,
        fields: dict[str, str] | None = None,
    ) -> Said:
        """Ask the server as a user; a body is sent as JSON, bytes as they are."""
        told = {"Accept": TAXII, "Content-Type": TAXII}
        if user is not None:
            both = f"{user}:{self.passwords.get(user, '')}".encode()
            told["Authorization"] = "Basic " + base64.b64encode(both).decode()
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            target = quote(path, safe="/?&=,:%")
            connection.request(method, target, data, {**told, **(fields or {})})
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, headers, answer.read())
        finally:
            connection.close()

    def post(self, user: str, collection: str, *objects: dict[str, Any]) -> Said:
        """Put objects into a collection."""
        body = {"objects": list(objects)}
        return self.ask(user, f"{collection}objects/", method="POST", body=body)

    def seen(self, user: str, collection: str, query: str = "") -> set[str]:
        """Return the ids that a user is shown."""
        return set(self.ask(user, f"{collection}objects/{query}").ids)


@contextmanager
def served(instance: Instance, *words: str) -> Iterator[Instance]:
    """Run the server of an instance."""
    command = [*COMMAND, "intel", "serve", "--http", "tcp:127.0.0.1:0", *words]
    environment = {**os.environ, **instance.environment}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline().decode()
            found = re.fullmatch(r"ready taxii=http://127.0.0.1:(\d+)/taxii2/\n", line)
            assert found is not None, line
            instance.port = int(found[1])
            yield instance
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def instance(folder: Path, database: str) -> Instance:
    """Return an instance that has no user yet."""
    home = str(folder / "home")
    return Instance(
        folder, {"CLEARWARD_HOME": home, "CLEARWARD_DATABASE_URL": database}
    )


def stix(type: str, **members: object) -> dict[str, Any]:
    """Return an object of STIX with what each has to have."""
    return {
        "type": type,
        "spec_version": "2.1",
        "id": f"{type}--{uuid.uuid4()}",
        "created": TIME,
        "modified": TIME,
        **members,
    }


def indicator(value: str = "evil.example", **members: object) -> dict[str, Any]:
    """Return an indicator for a name."""
    usual: dict[str, object] = {
        "pattern": f"[domain-name:value = '{value}']",
        "pattern_type": "stix",
        "valid_from": TIME,
    }
    return stix("indicator", **(usual | members))
