"""A stack deployed for good, by the operator's own backend, credentials and providers. Shows nothing."""

import json
import re
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pulumi import RunError
from pulumi.automation import CommandError, ConcurrentUpdateError, PulumiCommand, StackNotFoundError
from pulumi.automation._stack import StackInitMode

from tools.deployment import Deployment
from tools.engine.program import Program, at_home
from tools.engine.recording import Recording
from tools.engine.session import to_the_end
from tools.engine.stack import LeanStack, LeanWorkspace
from tools.errors import OperatorError
from tools.history import Update
from tools.stack_image import KEY, with_image

_QUIET = {"PULUMI_SKIP_UPDATE_CHECK": "true"}
_ERROR = re.compile(r"^(?:.*stderr:)?\s*error: (.+)$", re.MULTILINE)


class UpdateFailedError(OperatorError):
    """The engine, a provider or the program ended an update; some of it may have been done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealStack:
    """A stack that is open."""

    deployment: Deployment
    stack: LeanStack
    program: Program

    def outputs(self) -> Mapping[str, object]:
        """What the last update gave back, its secrets masked; no key is needed."""
        arguments = ["stack", "output", "--json", "--stack", self.stack.name]
        root = str(self.deployment.project.root)
        with self._as_lines():
            said = self.stack.workspace.pulumi_command.run(arguments, root, _QUIET)
        return cast("Mapping[str, object]", json.loads(said.stdout))

    def history(self) -> Sequence[Update]:
        """Updates, the newest first."""
        key = f"{self.deployment.project.name}:{KEY}"
        with self._as_lines():
            found = self.stack.history(show_secrets=False)
        return [
            Update(
                message=each.message,
                succeeded=each.result == "succeeded",
                image=each.config[key].value if key in each.config else None,
            )
            for each in found
            if each.kind == "update"
        ]

    def preview(self, recording: Recording, image: str | None) -> None:
        """`pulumi preview`, with this image in place of what the stack's file says."""
        project, name = self.deployment.project, self.deployment.stack
        with tempfile.TemporaryDirectory(prefix="airfield-") as folder:
            copy = Path(folder) / project.path(name).name
            text = project.path(name).read_text(encoding="utf-8")
            copy.write_text(
                with_image(text, f"{project.name}:{KEY}", image) if image else text, encoding="utf-8"
            )
            with self._as_lines(recording):
                to_the_end(lambda: self.stack.preview(on_event=recording.take, config_file=str(copy)))

    def up(self, message: str, recording: Recording) -> None:
        """`pulumi up`. Raises UpdateFailedError, or OperatorError where nothing was begun."""
        with self._as_lines(recording):
            to_the_end(lambda: self.stack.up(on_event=recording.take, message=message))

    @contextmanager
    def _as_lines(self, recording: Recording | None = None) -> Generator[None]:
        name = self.deployment.stack
        try:
            yield
        except StackNotFoundError:
            raise OperatorError(
                f"the backend knows no stack {name}: log in to the one that does, or pulumi stack init {name}"
            ) from None
        except ConcurrentUpdateError:
            raise OperatorError(
                f"another update of {name} is at work, or was killed: pulumi cancel"
            ) from None
        except CommandError as error:
            if isinstance(self.program.error, RunError):
                raise OperatorError(*str(self.program.error).splitlines()) from None
            lines = recording.errors if recording and recording.errors else _ERROR.findall(str(error))
            kind = UpdateFailedError if recording and recording.steps else OperatorError
            raise kind(*dict.fromkeys(lines or [str(error)])) from None


@contextmanager
def real_stack(deployment: Deployment, command: PulumiCommand) -> Generator[RealStack]:
    """Open it, and run the program in this process, so that no language host is needed."""
    root = deployment.project.root
    with at_home(root):
        program = Program(root)
        workspace = LeanWorkspace(
            work_dir=str(root), program=program, pulumi_command=command, env_vars=dict(_QUIET)
        )
        stack = LeanStack(deployment.stack, workspace, StackInitMode.SELECT)
        yield RealStack(deployment=deployment, stack=stack, program=program)
