"""`airfield graph`: a picture of what one stack declares on a platform. Always a rehearsal."""

from pathlib import Path
from typing import Literal, cast

from infra.portability import Target
from tools.commands.output import write
from tools.deployment import describe
from tools.engine.obtain import obtained_engine
from tools.picture.mermaid import mermaid
from tools.picture.reading import drawing
from tools.picture.svg import svg
from tools.project import find_project
from tools.rehearsed import rehearsed_graph
from tools.targets import checked_target

Form = Literal["svg", "mermaid"]
FOLDER = Path("build", "pictures")


def graph(stack: str, target: str | None, form: Form, output: Path | None) -> None:
    """Draw it: SVG to a file, Mermaid to the terminal, unless a file is named."""
    project = find_project(Path.cwd())
    asked = checked_target(target) if target else None
    chosen = checked_target(describe(project, stack, target=asked, rehearse=True).target or "")
    declared = rehearsed_graph(project, obtained_engine(), stack, chosen)
    drawn = drawing(declared, stack, cast("Target", chosen))
    if form == "mermaid":
        write(mermaid(drawn), output)
        return
    path = output or project.root / FOLDER / f"{stack}-{chosen}.svg"
    if output is None:
        path.parent.mkdir(parents=True, exist_ok=True)
    write(svg(drawn), path)
