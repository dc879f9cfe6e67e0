"""`airfield up` and `airfield down`. Reaches no cloud: it renders manifests, or rehearses and says so."""

from pathlib import Path

from rich.markup import escape

from tools import show
from tools.console import out
from tools.deployment import Deployment, describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.errors import OperatorError
from tools.project import find_project
from tools.standin.manifests import CRD_DIRECTORY, MANIFEST_DIRECTORY
from tools.targets import checked_target, supported_targets


def up(stack: str, target: str | None, *, rehearse: bool) -> None:
    """Deploy a stack that renders manifests, or rehearse any."""
    carry_out(_deployment("up", stack, target, rehearse=rehearse))


def carry_out(deployment: Deployment) -> None:
    """Write the files of a stack that has such, or rehearse."""
    _announce(deployment)
    command = obtained_engine()
    with show.progress(
        f"{'Rehearsing' if deployment.rehearsed else 'Deploying'} {deployment.title}"
    ) as watch:
        outcome = run.up(deployment, command, lambda step: watch(step.name))
    _settled(outcome)
    show.warnings(outcome.recording)
    show.changes(outcome.recording)
    counts = outcome.recording.counts()
    if any(outcome.recording.changes()):
        out.print(f"{show.totals(counts)}, in {outcome.seconds:.1f} s")
    else:
        out.print(f"Nothing changes: {counts['same']} resources are as they were ({outcome.seconds:.1f} s)")
    show.outputs(outcome.recording.outputs)
    _conclude(deployment)
    if deployment.render_to and not deployment.rehearsed:
        _say_how_to_apply(deployment.project.root, deployment.render_to)


def down(stack: str, target: str | None, *, rehearse: bool) -> None:
    """Take down what `up` made."""
    deployment = _deployment("down", stack, target, rehearse=rehearse)
    if not deployment.directory.exists():
        out.print(f"There is nothing of {escape(deployment.title)} to take down")
        return
    _announce(deployment)
    command = obtained_engine()
    with show.progress(f"Taking down {deployment.title}") as watch:
        outcome = run.down(deployment, command, lambda step: watch(step.name))
    _settled(outcome)
    out.print(f"{show.totals(outcome.recording.counts())}, in {outcome.seconds:.1f} s; nothing is left")
    _conclude(deployment)


def _deployment(verb: str, stack: str, target: str | None, *, rehearse: bool) -> Deployment:
    chosen = checked_target(target) if target else None
    deployment = describe(find_project(Path.cwd()), stack, target=chosen, rehearse=rehearse)
    if deployment.rehearsed and not rehearse:
        if deployment.target not in supported_targets() or deployment.target == "kubernetes":
            run.preview(deployment, obtained_engine())  # a mistake in these very settings is said first
        raise _refusal(deployment, verb, chosen)
    return deployment


def _refusal(deployment: Deployment, verb: str, chosen: str | None) -> OperatorError:
    stack = deployment.stack
    real = f"pulumi {'up' if verb == 'up' else 'destroy'} -s {stack}"
    option = ""
    if chosen and deployment.overrides:
        option = f" --target {chosen}"
        if verb == "up":
            real = f"pulumi config set target {chosen} -s {stack} && {real}"
    return OperatorError(
        f"{stack} is for {deployment.target}, where only Pulumi with your credentials goes: {real}",
        f"To try it here, touching no cloud: airfield {verb} {stack}{option} --rehearse",
    )


def _announce(deployment: Deployment) -> None:
    if not deployment.rehearsed:
        return
    out.print(f"[bold]Rehearsal[/] of {escape(deployment.title)}: no cloud is touched")
    if deployment.assumed:
        assumed = ", ".join(f"{key}={value}" for key, value in deployment.assumed.items())
        out.print(f"Assumed, as Pulumi.{deployment.stack}.yaml sets none: {assumed}", markup=False)


def _settled(outcome: run.Outcome) -> None:
    if outcome.settled:
        out.print(
            f"An earlier run was killed: {show.counted(outcome.settled, 'operation')} in doubt, now settled"
        )


def _conclude(deployment: Deployment) -> None:
    if deployment.rehearsed:
        out.print("[bold]This was a rehearsal[/]: no cloud was touched")


def _say_how_to_apply(root: Path, render_to: str) -> None:
    directory = root / render_to
    order = [folder for folder in (CRD_DIRECTORY, MANIFEST_DIRECTORY) if (directory / folder).is_dir()]
    namespaces = sorted((directory / MANIFEST_DIRECTORY).glob("v1-namespace-*.yaml"))
    first = "".join(f"-f {render_to}/{MANIFEST_DIRECTORY}/{path.name} " for path in namespaces)
    commands = [f"kubectl apply -f {render_to}/{folder}" for folder in order]
    if namespaces:
        commands[-1] = f"kubectl apply {first}-f {render_to}/{MANIFEST_DIRECTORY}"
    out.print(f"The manifests are in {render_to}/. To apply them: {' && '.join(commands)}", markup=False)
