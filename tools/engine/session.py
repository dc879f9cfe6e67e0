"""One use of the engine: stand-ins served, locks taken, failures told apart. Knows not what it is for."""

import contextlib
import os
import secrets
import signal
import traceback
import warnings
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pulumi import RunError
from pulumi.automation import CommandError, ConcurrentUpdateError, PulumiCommand, Stack

from tools.engine.lock import only_one
from tools.engine.program import Program, at_home
from tools.engine.recording import Recording
from tools.engine.recovery import release_locks, settle
from tools.engine.workspace import Layout, open_stack
from tools.errors import OperatorError, ProgramError
from tools.standin.server import serving, standins

_REHEARSAL_SEED = b"rehearsal"
_ATTEMPTS = 3
Result = TypeVar("Result")


class EngineKilledError(OperatorError):
    """The engine was ended from outside, at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stack that is open."""

    layout: Layout
    stack: Stack
    program: Program

    def run(self, operation: Callable[[Stack], Result], recording: Recording) -> Result:
        """Run one operation of the engine; mistakes and faults come back as such."""
        for attempt in range(_ATTEMPTS):
            try:
                return to_the_end(lambda: operation(self.stack))
            except ConcurrentUpdateError:
                if attempt == _ATTEMPTS - 1:
                    raise
                release_locks(self.layout)
            except CommandError as error:
                raise self._explained(error, recording) from None
        raise AssertionError

    @contextlib.contextmanager
    def changing(self) -> Generator[int]:
        """Marks the time in which a kill leaves work to settle; what an earlier one left is settled first."""
        settled = 0
        if self.layout.unfinished.exists():
            release_locks(self.layout)
            settled = settle(self.layout, self.stack)
        self.layout.unfinished.touch()
        try:
            yield settled
        except EngineKilledError:
            raise
        except OperatorError:
            self.layout.unfinished.unlink(missing_ok=True)
            raise
        self.layout.unfinished.unlink(missing_ok=True)

    def _explained(self, error: CommandError, recording: Recording) -> Exception:
        fault = self.program.error
        if isinstance(fault, RunError):
            return OperatorError(*str(fault).splitlines())
        if fault is not None:
            return ProgramError(_traceback(fault, self.layout.deployment.project.root))
        if f"code: {-signal.SIGKILL}" in str(error):
            title = self.layout.deployment.title
            return EngineKilledError(
                f"the Pulumi engine was killed at work on {title}: the next command goes on"
            )
        return ProgramError("\n".join(recording.errors) or str(error))


@contextlib.contextmanager
def session(
    layout: Layout, command: PulumiCommand, *, render: bool, settings: Literal["fresh", "kept"] = "fresh"
) -> Generator[Session]:
    """Open the stack of a layout for one operation, alone; what is taken down keeps the settings it has."""
    deployment = layout.deployment
    root = deployment.project.root
    seed = _REHEARSAL_SEED if deployment.rehearsed else secrets.token_bytes()
    # A proxy for the outside must not stand between the engine and this process.
    os.environ["no_grpc_proxy"] = "127.0.0.1"  # noqa: SIM112 (gRPC reads this spelling)
    with (
        warnings.catch_warnings(),
        only_one(layout.directory / "lock", f"another airfield is at work on {deployment.title}"),
        serving(standins(root=root, render=render, seed=seed)) as providers,
        at_home(root),
    ):
        # The end of an engine that is killed ends its event stream too, and is told apart anyway.
        warnings.filterwarnings("ignore", "Error in event stream")
        program = Program(root)
        stack = open_stack(layout, command, providers, program, settings=settings)
        yield Session(layout=layout, stack=stack, program=program)


def to_the_end(operation: Callable[[], Result]) -> Result:
    """An interrupt reaches the engine by itself, which then ends what it has begun; it is waited for."""
    interrupt: KeyboardInterrupt | None = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(operation)
        while not future.done():
            try:
                wait([future])
            except KeyboardInterrupt as error:
                interrupt = error
    if interrupt:
        raise interrupt
    return future.result()


def _traceback(fault: BaseException, root: Path) -> str:
    trace = traceback.TracebackException.from_exception(fault)
    frames = list(trace.stack)
    while frames and Path(frames[0].filename).parent != root:
        frames.pop(0)
    trace.stack = traceback.StackSummary.from_list(frames or list(trace.stack))
    return "".join(trace.format()).rstrip()
