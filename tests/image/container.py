"""A container of the image, and questions to it. Knows no test."""

import json
import time
from dataclasses import dataclass
from typing import Any, Self

from tests.docker_engine import Engine

LOCKED_IN = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none")
ASKED_OFTEN = ("--health-interval", "1s")
HEALTHY_SECONDS = 60.0

ASK = """
import json, sys, urllib.error, urllib.request
url, body = sys.argv[1:]
try:
    response = urllib.request.urlopen(urllib.request.Request(
        url, data=body.encode() or None, headers={"Content-Type": "application/json"}), timeout=10)
except urllib.error.HTTPError as error:
    response = error
print(json.dumps([response.status, json.load(response)]))
"""


@dataclass(frozen=True, slots=True)
class Container:
    """One that has been started."""

    engine: Engine
    identity: str

    @classmethod
    def start(cls, engine: Engine, image: str, *command: str, **environment: str) -> Self:
        """Of this image, running its own command unless another is named."""
        variables = [f"--env={name}={value}" for name, value in environment.items()]
        return cls(
            engine, engine.docker("run", "--detach", *LOCKED_IN, *ASKED_OFTEN, *variables, image, *command)
        )

    def inspected(self) -> dict[str, Any]:
        """All that the engine knows of it."""
        return json.loads(self.engine.docker("inspect", self.identity))[0]

    def wait_until_healthy(self) -> None:
        """By the image's own health check. Raises TimeoutError."""
        deadline = time.monotonic() + HEALTHY_SECONDS
        while (health := self.inspected()["State"]["Health"])["Status"] != "healthy":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{health}\n{self.logs()}")
            time.sleep(0.2)

    def python(self, program: str, *arguments: str) -> Any:  # noqa: ANN401 (whatever the program writes)
        """What a program writes that runs inside, read as JSON."""
        return json.loads(self.engine.docker("exec", self.identity, "python", "-c", program, *arguments))

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and content of an answer, asked from inside."""
        sent = "" if body is None else json.dumps(body)
        status, content = self.python(ASK, f"http://127.0.0.1:8000{path}", sent)
        return status, content

    def logs(self) -> str:
        """Everything it has written."""
        done = self.engine.run("logs", self.identity)
        return done.stdout + done.stderr

    def remove(self) -> None:
        """With its volumes."""
        self.engine.docker("rm", "--force", "--volumes", self.identity)
