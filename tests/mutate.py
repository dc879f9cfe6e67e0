"""Breaks, one by one, the places where a field of the specification is handed on: a test must see each.

`make mutate`. What is read of the field there becomes the value that it has when nobody sets it. First the
influence of that field is tried on each platform, then the tests of the platform's components.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from infra.datastores import Postgres, Redis
from infra.portability import LEDGER
from infra.slo import Slo
from infra.workload import Workload
from tests.influence.fields import TARGETS

ROOT = Path(__file__).parents[1]
MODELS: Mapping[str, type[BaseModel]] = {
    "workload": Workload,
    "postgres": Postgres,
    "redis": Redis,
    "slo": Slo,
}
SERVED: Mapping[str, tuple[str, ...]] = {
    "aws": ("aws", "eks"),
    "gcp": ("gcp",),
    "kubernetes": ("kubernetes", "eks"),
    "swarm": ("swarm",),
}
"""The platforms that a folder of infra/ serves; any other serves all."""
AT_ONCE = 2
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Mutant:
    """A place, and what stands there instead."""

    file: Path
    line: int
    field: str
    start: int
    end: int
    """Offsets in the file's bytes."""
    constant: str

    def broken(self, whole: bytes) -> bytes:
        """The file with the constant in it."""
        return whole[: self.start] + self.constant.encode() + whole[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.field}"


def default(name: str) -> object:
    """What a field is when nobody sets it; PydanticUndefined, where it must be set."""
    root, *keys = name.split(".")
    model: Any = MODELS[root]
    for key in keys[:-1]:
        model = model.model_fields[key].annotation
    return model.model_fields[keys[-1]].get_default(call_default_factory=True)


def mutants() -> Iterator[Mutant]:
    """In the order of files and lines."""
    constants = {name: default(name) for name in LEDGER}
    for path in sorted((ROOT / "infra").glob("*/*.py")):
        whole = path.read_bytes()
        begins = [0, *(at + 1 for at, byte in enumerate(whole) if byte == ord("\n"))]
        for read in _handed_on(ast.parse(whole)):
            name = _field(read)
            if name and constants[name] is not PydanticUndefined and read.end_lineno and read.end_col_offset:
                start = begins[read.lineno - 1] + read.col_offset
                end = begins[read.end_lineno - 1] + read.end_col_offset
                constant = repr(constants[name])
                yield Mutant(path.relative_to(ROOT), read.lineno, name, start, end, constant)


def _handed_on(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Attributes that a call, a table or a text is made of; not those of a condition, which only asks."""
    makers = (ast.keyword, ast.Dict, ast.Call, ast.FormattedValue)
    for node in ast.walk(tree):
        if isinstance(node, makers):
            yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Attribute))


def _field(read: ast.Attribute) -> str | None:
    """The field that is read, as in `args.workload.scaling.min_replicas`."""
    words = ast.unparse(read).split(".")
    for name in LEDGER:
        root, *keys = name.split(".")
        tail = [root, *keys] if len(keys) == 1 else keys
        if words[-len(tail) :] == tail and len(words) >= len(tail):
            return name
    return None


def caught(mutant: Mutant, folder: Path) -> str:
    """The first test that fails, or nothing."""
    target = folder / mutant.file
    whole = target.read_bytes()
    target.write_bytes(mutant.broken(whole))
    try:
        place = mutant.file.parts[1]
        wanted = " or ".join(f"{mutant.field}-{target}" for target in SERVED.get(place, TARGETS))
        return _failing(folder, "tests/influence", "-k", wanted) or _failing(folder, f"tests/infra/{place}")
    finally:
        target.write_bytes(whole)


def _failing(folder: Path, *arguments: str) -> str:
    options = ["-q", "-x", "--no-cov", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        # The same file is written many times within a second, which bytecode would not notice.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    named = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if done.returncode not in {0, 1, 2}:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return named[0].split(" - ")[0].split(" ", 1)[1] if named else ""


def _copied(folder: Path) -> Path:
    """The project, as git knows it, with what is changed here."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def main(places: Sequence[str]) -> int:
    """Try all of them, or those in files whose paths begin so; 1 if one is not seen."""
    found = [each for each in mutants() if not places or str(each.file).startswith(tuple(places))]
    folders: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="airfield-mutate-") as base:
        copies = [_copied(Path(base) / str(number)) for number in range(AT_ONCE)]
        for folder in copies:
            folders.put(folder)
        amiss = _failing(copies[0], "tests/infra")
        if amiss:
            print(f"{amiss} fails before anything is broken")
            return 1

        def tried(mutant: Mutant) -> str:
            folder = folders.get()
            try:
                return caught(mutant, folder)
            finally:
                folders.put(folder)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            seen: list[str] = []
            for mutant, test in zip(found, pool.map(tried, found), strict=True):
                seen.append(test)
                print(f"{mutant}: {test or 'NOT SEEN'}", flush=True)
    print(f"{len(found)} places broken, {sum(map(bool, seen))} seen by a test")
    return 0 if all(seen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
