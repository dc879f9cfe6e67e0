"""`airfield plan`: every stack on every platform in one table, nothing touched."""

import pytest

from tests.tools.toy import Toy

ON_ITS_PLATFORM = """
import pulumi
target = pulumi.Config().require("target")
if target == pulumi.Config().get("refused"):
    raise pulumi.RunError(f"airfield:target: {target} is refused")
"""


def rows(said: str) -> list[list[str]]:
    """The cells of the table's rows."""
    return [
        [cell.strip() for cell in line.strip("│").split("│")] for line in said.splitlines() if line[:1] == "│"
    ]


def test_every_stack_is_planned_on_every_platform(toy: Toy) -> None:
    toy.program(ON_ITS_PLATFORM)
    toy.stack("prod", target="gcp")
    said = toy.airfield("plan")
    assert said.code == 0, said.err
    assert said.out.startswith("Rehearsal: no cloud is touched, and nothing is changed")
    assert [row[:2] for row in rows(said.out)] == [
        [stack, target]
        for stack in ("dev", "prod")
        for target in ("aws", "eks", "gcp", "kubernetes", "swarm")
    ]
    assert "stack ┃ target" in said.out
    assert "gcp:project=airfield-rehearsal" in said.out
    assert not (toy.root / ".airfield").exists()


def test_one_that_fails_is_named_and_the_others_are_planned(toy: Toy) -> None:
    toy.program(ON_ITS_PLATFORM)
    toy.stack(refused="gcp")
    said = toy.airfield("plan", "dev", "--target", "aws", "--target", "gcp")
    assert said.code == 1
    assert [row[:3] for row in rows(said.out)] == [["dev", "aws", "0"], ["dev", "gcp", "failed"]]
    assert said.err == "error: dev on gcp:\nairfield:target: gcp is refused\n"


def test_traps_that_the_engine_does_not_meet_are_told_for_what_is_planned(toy: Toy) -> None:
    toy.program(ON_ITS_PLATFORM)
    toy.stack(image="api:1", workloads={"api": {"memoryMib": 256}})
    said = toy.airfield("plan", "dev", "--target", "aws").out
    _, _, traps = said.partition("\nTraps:\n")
    assert traps.startswith("  dev rounded on aws: airfield:workloads.api: Fargate does not sell ")
    assert len(traps.splitlines()) == 1


def test_what_is_deployed_is_what_a_plan_compares_with(deployed: Toy) -> None:
    before = deployed.files(".airfield/deployed/dev/backend/.pulumi/stacks"), deployed.files()
    deployed.stack(replicas=7, files=4, selector="other")
    said = deployed.airfield("plan", "dev", "--target", "kubernetes")
    assert rows(said.out)[0][:6] == ["dev", "kubernetes", "1", "0", "1", "0"]
    assert "± api kubernetes:apps/v1:Deployment spec.selector.matchLabels.app" in said.out
    assert (deployed.files(".airfield/deployed/dev/backend/.pulumi/stacks"), deployed.files()) == before


def test_what_is_rehearsed_is_what_a_plan_compares_with(toy: Toy) -> None:
    toy.airfield("up", "dev", "--target", "aws", "--rehearse")
    said = toy.airfield("plan", "dev", "--target", "aws")
    assert rows(said.out)[0][2:6] == ["0", "0", "0", "0"]


@pytest.mark.parametrize("arguments", [("plan", "nowhere"), ("plan", "dev", "--target", "nowhere")])
def test_what_is_not_there_is_not_planned(toy: Toy, arguments: tuple[str, ...]) -> None:
    said = toy.airfield(*arguments)
    assert said.code == 1
    assert said.err.startswith("error: ")
    assert "nowhere" in said.err
