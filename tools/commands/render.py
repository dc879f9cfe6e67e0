"""`airfield render swarm`: the same stack for teams that run `docker stack deploy`. Reaches no Swarm."""

import tempfile
from pathlib import Path
from typing import Any, cast

import yaml

from tools.console import out
from tools.deployment import describe
from tools.engine.obtain import obtained_engine
from tools.engine.recording import Recording
from tools.engine.run import ignore
from tools.engine.session import session
from tools.engine.workspace import Layout
from tools.project import find_project
from tools.swarm_stack import stack_file


def render_swarm(stack: str) -> None:
    """Write build/STACK/docker-stack.yml, and the configs beside it, from what a rehearsal records."""
    project = find_project(Path.cwd())
    deployment = describe(project, stack, target="swarm", rehearse=True)
    recording = Recording(ignore)
    with tempfile.TemporaryDirectory(prefix="airfield-") as directory:
        layout = Layout(deployment=deployment, directory=Path(directory) / "rendered")
        with session(layout, obtained_engine(), render=False) as engine:
            engine.run(lambda opened: opened.up(on_event=recording.take), recording)
            exported = cast("dict[str, Any]", engine.stack.export_stack().deployment or {})
    file, configs = stack_file(exported["resources"])
    folder = project.root / "build" / stack
    (folder / "configs").mkdir(parents=True, exist_ok=True)
    for name, text in configs.items():
        (folder / "configs" / name).write_text(text, encoding="utf-8")
    path = folder / "docker-stack.yml"
    path.write_text(yaml.safe_dump(file, sort_keys=False, width=110, allow_unicode=True), encoding="utf-8")
    namespace = next(iter(file["networks"].values()))["name"].partition("_")[0]
    out.print(f"Written to {path.relative_to(project.root)}, its configs beside it", markup=False)
    for secret in file["secrets"]:
        out.print(f"Before, once: docker secret create {secret}_1 FILE", markup=False)
    out.print(
        f"To deploy it: docker stack deploy --detach=false -c docker-stack.yml {namespace}", markup=False
    )
