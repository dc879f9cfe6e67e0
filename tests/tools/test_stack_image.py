import pytest
import yaml

from tests.tools.platform_answers import NEW, OLD
from tests.tools.toy import Toy
from tools.errors import OperatorError
from tools.project import find_project
from tools.stack_image import checked_image, put_image, that_run_it, with_image

KEY = "airfield:image"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"config:\n  {KEY}: {OLD}\n", f"config:\n  {KEY}: {NEW}\n"),
        (f"config:\n    {KEY}:   {OLD}   # why\n", f"config:\n    {KEY}:   {NEW}   # why\n"),
        (f"config:\n  {KEY}: '{OLD}'\n", f"config:\n  {KEY}: {NEW}\n"),
        (f"config:\n  {KEY}:\n  a: b\n", f"config:\n  {KEY}: {NEW}\n  a: b\n"),
        ("# Ours.\nconfig:\n  a: on\n", f"# Ours.\nconfig:\n  {KEY}: {NEW}\n  a: on\n"),
        (
            f"config:\n  a:\n    image: mine\n  {KEY}: {OLD}\n",
            f"config:\n  a:\n    image: mine\n  {KEY}: {NEW}\n",
        ),
    ],
)
def test_one_line_changes_and_no_other(before: str, after: str) -> None:
    assert with_image(before, KEY, NEW) == after


def test_a_file_in_another_form_is_left_alone(toy: Toy) -> None:
    path = toy.root / "Pulumi.prod.yaml"
    text = "config: {airfield:target: aws}\n"
    path.write_text(text)
    with pytest.raises(OperatorError, match="pulumi config set image"):
        put_image(find_project(toy.root), "prod", NEW)
    assert path.read_text() == text


def test_what_is_written_is_what_is_read(toy: Toy) -> None:
    path = toy.stack("prod", target="aws", image=OLD)
    put_image(find_project(toy.root), "prod", NEW)
    assert yaml.safe_load(path.read_text())["config"] == {"airfield:target": "aws", KEY: NEW}


@pytest.mark.parametrize(
    "reference",
    ["airfield", "airfield:latest", "airfield@sha256:abc", f"{NEW} ", f"{NEW}\n", f"--{NEW}"],
)
def test_only_a_digest_names_what_is_released(reference: str) -> None:
    with pytest.raises(OperatorError, match="names no content"):
        checked_image(reference)
    assert checked_image(NEW) == NEW


def test_only_workloads_without_an_image_of_their_own_run_the_stacks(toy: Toy) -> None:
    toy.stack("prod", target="aws", workloads={"api": {}, "web": {"image": "web:1"}})
    toy.stack("own", target="aws", workloads={"web": {"image": "web:1"}})
    toy.stack("built", target="aws", workloads={"api": {}}, build={"repository": "r"})
    project = find_project(toy.root)
    assert that_run_it(project, "prod") == ["api"]
    with pytest.raises(OperatorError, match="no workload runs the stack's image"):
        that_run_it(project, "own")
    with pytest.raises(OperatorError, match="builds its image"):
        that_run_it(project, "built")
