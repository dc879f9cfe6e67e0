"""Three pull requests and their comments, as docs/plan-comments/ shows them.

`python -m tests.tools.review.test_samples` writes them anew.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from pulumi.automation import PulumiCommand

from tools.engine.obtain import obtained_engine
from tools.project import find_project
from tools.review.changes import Pair, review
from tools.review.comment import LIMIT, Review, comment

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
DOCUMENTS = ROOT / "docs" / "plan-comments"
SAMPLES = sorted(Path(__file__).with_name("samples").glob("*.yaml"))
TRIED = {"scale-change": ("gcp", "kubernetes")}
"""The platforms that a sample is tried on besides."""


def project(folder: Path, settings: object) -> Path:
    """The program, with one stack."""
    folder.mkdir()
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy(ROOT / name, folder)
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": settings}), encoding="utf-8")
    return folder


def commented(sample: Path, folder: Path, command: PulumiCommand) -> str:
    """The comment that the sample's pull request gets."""
    settings = yaml.safe_load(sample.read_text(encoding="utf-8"))
    base, head = (find_project(project(folder / when, settings[when])) for when in ("before", "after"))
    pair = Pair(base=base, head=head, same_program=True)
    elsewhere = {
        ("prod", target): review(pair, "prod", target, command) for target in TRIED.get(sample.stem, ())
    }
    stacks = {"prod": review(pair, "prod", None, command)}
    return comment(Review(base="main (1a2b3c4)", stacks=stacks, elsewhere=elsewhere))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_comment_is_the_one_that_is_shown(sample: Path, tmp_path: Path, engine: PulumiCommand) -> None:
    text = commented(sample, tmp_path, engine)
    assert text == (DOCUMENTS / f"{sample.stem}.md").read_text(encoding="utf-8")
    assert len(text) < LIMIT


def write() -> None:
    """Write the comments anew."""
    for sample in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            text = commented(sample, Path(folder), obtained_engine())
        (DOCUMENTS / f"{sample.stem}.md").write_text(text, encoding="utf-8")
        subprocess.run(["git", "diff", "--stat", "--", str(DOCUMENTS)], check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(write())
