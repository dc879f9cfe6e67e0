"""`airfield release` and `airfield rollback`: an image goes live, or the one before it does again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rich.markup import escape

from tools import show
from tools.commands import deploy, verify
from tools.console import err, out
from tools.deployment import Deployment, describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.engine.real import RealStack, UpdateFailedError, real_stack
from tools.engine.recording import Recording
from tools.errors import OperatorError
from tools.history import ROLLBACK, previous_image
from tools.project import find_project
from tools.stack_image import KEY, checked_image, put_image, that_run_it


def release(stack: str, image: str, *, rehearse: bool, wait_seconds: float) -> None:
    """Put the image into the stack's file, deploy, and verify that it serves."""
    project = find_project(Path.cwd())
    sharing = that_run_it(project, stack)
    checked_image(image)
    deployment = describe(project, stack, rehearse=rehearse)
    if rehearse:
        _rehearse(deployment, image)
        return
    put_image(project, stack, image)
    if deployment.render_to:
        deploy.up(stack, None, rehearse=False)
        return
    with real_stack(deployment, obtained_engine()) as real:
        _bring_about(real, dict.fromkeys(sharing, image), f"airfield release of {image}", wait_seconds)


def rollback(stack: str, *, wait_seconds: float) -> None:
    """The same with the image before, as the backend remembers it."""
    project = find_project(Path.cwd())
    sharing = that_run_it(project, stack)
    deployment = verify.real_deployment(stack)
    with real_stack(deployment, obtained_engine()) as real:
        history = real.history()
        image = previous_image(history)
        if image is None:
            raise OperatorError(f"{stack}: its history holds no other image that was deployed well")
        left = history[0].image or "none"
        out.print(f"From {escape(left)}\nback to {escape(image)}", soft_wrap=True)
        put_image(project, stack, image)
        _bring_about(real, dict.fromkeys(sharing, image), f"{ROLLBACK}{left}", wait_seconds)


def _bring_about(real: RealStack, asked: Mapping[str, str], message: str, wait_seconds: float) -> None:
    recording = Recording(run.ignore)
    title = real.deployment.title
    try:
        with show.progress(f"Deploying {title}") as watch:
            recording.watch = lambda step: watch(step.name)
            real.up(message, recording)
    except UpdateFailedError:
        _say_what_serves(real, asked)
        raise
    show.warnings(recording)
    show.changes(recording)
    out.print(show.totals(recording.counts()))
    try:
        verify.check(real, asked=asked, wait_seconds=wait_seconds)
    except OperatorError as error:
        stack = real.deployment.stack
        raise OperatorError(str(error), f"To go back: airfield rollback {stack}") from None


def _say_what_serves(real: RealStack, asked: Mapping[str, str]) -> None:
    """After an update that failed: whatever else is unknown then, this is not."""
    err.print("The update failed. What serves now:")
    try:
        verify.show(verify.settled(real.outputs(), asked, 0))
    except OperatorError as error:
        err.print(f"not known: {escape(str(error))}")


def _rehearse(deployment: Deployment, image: str) -> None:
    key = f"{deployment.project.name}:{KEY}"
    trial = replace(deployment, overrides={**deployment.overrides, key: image})
    deploy.carry_out(trial)
