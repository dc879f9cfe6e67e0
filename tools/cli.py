"""The `airfield` command: its words and options. Each command imports what it alone needs, for speed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from tools.console import err
from tools.errors import OperatorError, ProgramError

_MISTAKE, _NOT_PASSED, _INTERRUPTED = 1, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Rehearses Airfield's stacks for every platform, on the real engine, and releases images to them.",
)
Stack = Annotated[str, typer.Argument(metavar="STACK", help="Name of a stack: dev is Pulumi.dev.yaml")]
Target = Annotated[str | None, typer.Option(help="Another platform than the stack's own", show_default=False)]
Output = Annotated[Path | None, typer.Option(metavar="FILE", help="Write there", show_default=False)]
Rehearse = Annotated[bool, typer.Option("--rehearse", help="Try it on the real engine; touch no cloud")]


@app.command()
def up(stack: Stack, target: Target = None, *, rehearse: Rehearse = False) -> None:
    """Deploy a stack that renders manifests; rehearse any other."""
    from tools.commands import deploy

    deploy.up(stack, target, rehearse=rehearse)


@app.command()
def down(stack: Stack, target: Target = None, *, rehearse: Rehearse = False) -> None:
    """Take down what `up` made: nothing is left of it."""
    from tools.commands import deploy

    deploy.down(stack, target, rehearse=rehearse)


@app.command()
def plan(  # noqa: PLR0913, PLR0917 (each is an option)
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks; all, if none is named", show_default=False)
    ] = None,
    target: Annotated[list[str] | None, typer.Option(help="Platforms; all, if none is named")] = None,
    base: Annotated[
        str, typer.Option(metavar="REF", help="A commit to compare with: what a merge changes")
    ] = "",
    form: Annotated[Literal["text", "markdown"], typer.Option("--format", help="With --base")] = "text",
    output: Annotated[Path | None, typer.Option(help="With --base: a file, in Markdown")] = None,
    fail_on: Annotated[
        Literal["never", "replace-data", "replace", "change"],
        typer.Option(help="With --base: end with exit code 3 where a stack meets with that, or worse"),
    ] = "never",
) -> None:
    """Say what every stack would change on every platform; touch nothing."""
    if base:
        from tools.commands.review import Asked, review_change

        planned, passed = review_change(
            Asked(
                base=base,
                stacks=stacks or [],
                targets=target or [],
                form=form,
                output=output,
                fail_on=fail_on,
            )
        )
        raise typer.Exit(_MISTAKE if not planned else 0 if passed else _NOT_PASSED)
    from tools.commands.plan import plan as show_plan

    if not show_plan(stacks or [], target or []):
        raise typer.Exit(_MISTAKE)


@app.command()
def render(
    platform: Annotated[str, typer.Argument(metavar="swarm", help="Only a Swarm has another form")],
    stack: Stack,
) -> None:
    """Write the stack as a file for `docker stack deploy`."""
    from tools.commands.render import render_swarm
    from tools.errors import OperatorError

    if platform != "swarm":
        raise OperatorError(
            f"`{platform}` is rendered by no command; there is: airfield render swarm {stack}"
        )
    render_swarm(stack)


@app.command()
def access(
    stack: Stack,
    target: Target = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format")] = "table",
    output: Output = None,
) -> None:
    """Show who may do what, and who reads which secret; wide rights with their reasons."""
    from tools.commands.access import access as show_access

    if not show_access(stack, target, form, output):
        raise typer.Exit(_MISTAKE)


@app.command()
def compare(
    stack: Stack,
    targets: Annotated[
        str, typer.Option(metavar="aws,gcp,…", help="Platforms; all, if none is named", show_default=False)
    ] = "",
    form: Annotated[Literal["table", "markdown", "json"], typer.Option("--format")] = "table",
    output: Output = None,
) -> None:
    """Show what a stack comes to on each platform, side by side, after rounding."""
    from tools.commands.compare import compare as show_comparison

    if not show_comparison(stack, [name for name in targets.split(",") if name], form, output):
        raise typer.Exit(_MISTAKE)


@app.command()
def graph(
    stack: Stack,
    target: Target = None,
    form: Annotated[Literal["svg", "mermaid"], typer.Option("--format")] = "svg",
    output: Output = None,
) -> None:
    """Draw what a stack declares, and which way requests and secrets go."""
    from tools.commands.graph import graph as draw

    draw(stack, target, form, output)


@app.command()
def doctor(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks; all, if none is named", show_default=False)
    ] = None,
    stack: Annotated[list[str] | None, typer.Option(help="As STACKS", show_default=False)] = None,
) -> None:
    """Say what is missing to deploy a stack for good, and which traps every platform has for it."""
    from tools.commands.doctor import doctor as show_findings

    if not show_findings([*(stacks or []), *(stack or [])]):
        raise typer.Exit(_MISTAKE)


@app.command()
def preview(stack: Stack) -> None:
    """Say what `pulumi up` would really change, with your credentials; change nothing."""
    from tools.commands.preview import preview as preview_stack

    preview_stack(stack)


Wait = Annotated[float, typer.Option("--wait", help="Seconds to wait for what is on its way", min=0)]


@app.command()
def verify(
    stack: Stack,
    wait: Wait = 0,
    *,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask for every promise, not for a few; leaves some predictions")
    ] = False,
) -> None:
    """Ask the platform what really serves, and the API whether it answers well."""
    from tools.commands.verify import verify as verify_stack

    verify_stack(stack, wait_seconds=wait, probe=probe)


@app.command()
def release(
    stack: Stack,
    image: Annotated[str, typer.Option(metavar="REF@sha256:…", help="What is to serve, by its digest")],
    wait: Wait = 600,
    *,
    rehearse: Rehearse = False,
) -> None:
    """Bring an image live: into the stack's file, `pulumi up`, verify; say what serves if that fails."""
    from tools.commands.release import release as release_stack

    release_stack(stack, image, rehearse=rehearse, wait_seconds=wait)


@app.command()
def rollback(stack: Stack, wait: Wait = 600) -> None:
    """Bring the image before back live, as the stack's history remembers it."""
    from tools.commands.release import rollback as rollback_stack

    rollback_stack(stack, wait_seconds=wait)


@app.command()
def checklist(
    stack: Stack,
    phase: Annotated[str | None, typer.Option(help="before, during or after; all, if none is named")] = None,
) -> None:
    """Go through what a deployment needs: checks with their evidence, and questions to a person."""
    from tools.commands.checklist import checklist as show_checklist

    if not show_checklist(stack, phase):
        raise typer.Exit(_MISTAKE)


@app.command()
def schema(output: Output = None) -> None:
    """Write the JSON Schema of a stack file, which editors complete and check it with."""
    from tools.commands.output import write
    from tools.schema import page

    write(page(), output)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    try:
        command: Callable[..., object] = app
        command(args=arguments, prog_name="airfield")
    except (OperatorError, ProgramError) as error:
        err.print(f"[red]error:[/] {escape(str(error))}")
        return _MISTAKE
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            err.print("Interrupted: the same command goes on from here")
        return int(end.code or 0)
    return 0
