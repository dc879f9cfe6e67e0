"""The project as it was at another commit, in a folder of its own. Changes nothing in the repository."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tools.errors import OperatorError
from tools.project import Project, find_project

_PROGRAM = ("__main__.py", "Pulumi.yaml", "infra", "stacks", "uv.lock")
"""What decides, beside a stack's file, what is declared."""


@contextmanager
def project_at(project: Project, ref: str) -> Generator[Project]:
    """The project at a commit. Raises OperatorError where there is no such commit, or no project in it."""
    commit = commit_of(project, ref)
    with tempfile.TemporaryDirectory(prefix="airfield-base-") as folder:
        archive = _git(project, "archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        if not (Path(folder) / "Pulumi.yaml").is_file():
            raise OperatorError(f"--base: there is no Pulumi.yaml in `{ref}`")
        yield find_project(Path(folder))


def commit_of(project: Project, ref: str) -> str:
    """The whole name of the commit. Raises OperatorError where there is none."""
    found = _run(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        raise OperatorError(f"--base: there is no commit `{ref}` here; `git fetch` brings what others have")
    return found.stdout.decode().strip()


def same_program(one: Project, other: Project) -> bool:
    """Whether both declare the same for the same stack file."""
    return _digest(one.root) == _digest(other.root)


def _digest(root: Path) -> str:
    found = sha256()
    for path in _sources(root):
        found.update(f"{path.relative_to(root)}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for name in _PROGRAM:
        path = root / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if _is_source(file))
        elif path.is_file():
            yield path


def _is_source(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc"


def _git(project: Project, *arguments: str) -> bytes:
    done = _run(project, *arguments)
    if done.returncode:
        raise OperatorError(f"git {arguments[0]}: {done.stderr.decode().strip()}")
    return done.stdout


def _run(project: Project, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, check=False)
    except FileNotFoundError:
        raise OperatorError("--base: git is missing, which knows what the project was") from None
