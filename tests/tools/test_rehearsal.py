"""Rehearsals: tried on the real engine, and never taken for a deployment."""

import pytest
import yaml

from tests.tools.toy import Toy
from tools.engine.workspace import PLACEHOLDER

CLOUD = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
provider = aws.Provider("aws", region=pulumi.Config("aws").require("region"))
ours = pulumi.ResourceOptions(provider=provider)
zones = aws.get_availability_zones(opts=pulumi.InvokeOptions(provider=provider))
vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", opts=ours)
subnet = aws.ec2.Subnet(
    "subnet", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone=zones.names[0], opts=ours
)
database = aws.rds.Instance(
    "postgres",
    instance_class="db.t4g.micro",
    password=config.get_secret("password"),
    opts=pulumi.ResourceOptions(provider=provider, protect=True),
)
pulumi.export("address", database.address)
"""


def test_a_stack_for_a_cloud_is_answered_with_what_to_type(toy: Toy) -> None:
    toy.stack("prod", target="aws")
    said = toy.airfield("up", "prod")
    assert said.code == 1
    assert said.err == (
        "error: prod is for aws, where only Pulumi with your credentials goes: pulumi up -s prod\n"
        "To try it here, touching no cloud: airfield up prod --rehearse\n"
    )
    assert "pulumi destroy -s prod" in toy.airfield("down", "prod").err


def test_another_platform_is_answered_with_the_switch_to_type(toy: Toy) -> None:
    said = toy.airfield("up", "dev", "--target", "gcp")
    assert "pulumi config set target gcp -s dev && pulumi up -s dev" in said.err
    assert "airfield up dev --target gcp --rehearse" in said.err


def test_a_rehearsal_says_first_and_last_that_no_cloud_was_touched(toy: Toy) -> None:
    toy.program(CLOUD)
    toy.stack("prod", target="aws", **{"aws:region": "eu-north-1"})
    for command in ("up", "down"):
        said = toy.airfield(command, "prod", "--rehearse")
        assert said.code == 0, said.err
        lines = said.out.splitlines()
        assert lines[0] == "Rehearsal of prod (aws): no cloud is touched"
        assert lines[-1] == "This was a rehearsal: no cloud was touched"
    assert not (toy.root / ".airfield").exists()


def test_a_rehearsal_has_what_a_cloud_would_answer_and_a_second_one_changes_nothing(toy: Toy) -> None:
    toy.program(CLOUD)
    toy.stack("prod", target="aws", **{"aws:region": "eu-north-1"})
    said = toy.airfield("up", "prod", "--rehearse")
    assert "4 created" in said.out
    assert "eu-north-1.rds.amazonaws.com" in said.out
    assert "Nothing changes" in toy.airfield("up", "prod", "--rehearse").out


def test_a_rehearsal_of_rendering_writes_no_manifest(toy: Toy) -> None:
    said = toy.airfield("up", "dev", "--rehearse")
    assert said.code == 0, said.err
    assert "kubectl" not in said.out
    assert toy.files() == {}


@pytest.mark.long
def test_a_deployment_and_its_rehearsals_do_not_meet(deployed: Toy) -> None:
    assert "6 created" in deployed.airfield("up", "dev", "--rehearse").out
    assert "6 created" in deployed.airfield("up", "dev", "--target", "aws", "--rehearse").out
    deployed.airfield("down", "dev", "--rehearse")
    assert "Nothing changes" in deployed.airfield("up", "dev").out


def test_what_a_platform_cannot_do_without_is_assumed_for_another_target_and_said(toy: Toy) -> None:
    toy.program("import pulumi\npulumi.export('project', pulumi.Config('gcp').get('project') or 'none')\n")
    said = toy.airfield("up", "dev", "--target", "gcp", "--rehearse")
    assert (
        "Assumed, as Pulumi.dev.yaml sets none: gcp:project=airfield-rehearsal, gcp:region=us-central1"
        in said.out
    )
    assert "project: airfield-rehearsal" in said.out


def test_nothing_is_assumed_for_the_platform_of_the_file(toy: Toy) -> None:
    toy.program("import pulumi\npulumi.export('project', pulumi.Config('gcp').get('project') or 'none')\n")
    toy.stack("prod", target="gcp")
    assert "project: none" in toy.airfield("up", "prod", "--target", "gcp", "--rehearse").out


def test_a_secret_is_a_placeholder_in_a_rehearsal_and_never_plain_in_the_state(toy: Toy) -> None:
    path = toy.stack("prod", target="aws", **{"aws:region": "eu-north-1"})
    content = yaml.safe_load(path.read_text())
    content["config"]["airfield:password"] = {"secure": "v1:somebody:elses"}
    path.write_text(yaml.safe_dump({**content, "encryptionsalt": "v1:somebody:elses"}))
    toy.program(CLOUD + "pulumi.export('password', config.get_secret('password'))\n")
    said = toy.airfield("up", "prod", "--rehearse")
    assert said.code == 0, said.err
    assert "password: [secret]" in said.out
    kept = toy.files(".airfield/rehearsed/prod@aws/backend/.pulumi/stacks")["airfield/prod.json"]
    assert '"password":{"4dabf18193072939515e22adb298388d"' in kept
    assert PLACEHOLDER not in kept


def test_what_is_protected_is_taken_down_in_a_rehearsal(toy: Toy) -> None:
    toy.program(CLOUD)
    toy.stack("prod", target="aws", **{"aws:region": "eu-north-1"})
    toy.airfield("up", "prod", "--rehearse")
    assert "4 deleted" in toy.airfield("down", "prod", "--rehearse").out


def test_an_unknown_platform_or_stack_is_answered_with_the_nearest(toy: Toy) -> None:
    assert (
        "there is no platform `asw`; did you mean `aws`?" in toy.airfield("up", "dev", "--target", "asw").err
    )
    assert (
        "there is no platform `moon`; there is aws, eks, gcp, kubernetes"
        in toy.airfield("up", "dev", "--target", "moon").err
    )
    assert (
        "there is no stack `def`, as Pulumi.def.yaml is missing; did you mean"
        in toy.airfield("up", "def").err
    )


def test_a_mistake_in_the_choice_of_platform_is_answered_by_the_program(toy: Toy) -> None:
    toy.stack("prod", target="kubernets", mistakes="airfield:target: did you mean kubernetes?")
    said = toy.airfield("up", "prod")
    assert said.code == 1
    assert said.err == "error: airfield:target: did you mean kubernetes?\n"
