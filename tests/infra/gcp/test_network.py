"""The VPC lets nothing in, and what a stack needs of Google Cloud is switched on before anything is made."""

from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import synthesise_config


def test_nothing_is_let_in() -> None:
    (rule,) = full().of_type("compute/firewall:Firewall")
    assert rule.inputs | {"network": ""} == {
        "denies": [{"protocol": "all"}],
        "direction": "INGRESS",
        "logConfig": {"metadata": "EXCLUDE_ALL_METADATA"},
        "network": "",
        "priority": 65534,
        "sourceRanges": ["0.0.0.0/0"],
    }


def test_data_stores_get_their_addresses_through_one_peering() -> None:
    addresses = full()["compute/globalAddress:GlobalAddress", "network-private-services"].inputs
    assert addresses | {"network": ""} == {
        "addressType": "INTERNAL",
        "network": "",
        "prefixLength": 20,
        "purpose": "VPC_PEERING",
    }
    connection = full()["servicenetworking/connection:Connection", "network-private-services"].inputs
    assert connection["service"] == "servicenetworking.googleapis.com"
    assert connection["deletionPolicy"] == "REMOVE_PEERING"


def test_only_the_apis_that_are_used_are_enabled() -> None:
    bare = synthesise_config(gcp_config())
    new = {api.inputs["service"] for api in full().of_type("projects/service:Service")} - {
        api.inputs["service"] for api in bare.of_type("projects/service:Service")
    }
    assert new == {"redis.googleapis.com", "sqladmin.googleapis.com"}


def test_no_api_is_disabled_when_a_stack_goes() -> None:
    assert {api.inputs["disableOnDestroy"] for api in full().of_type("projects/service:Service")} == {False}


def test_everything_waits_for_the_apis() -> None:
    provider = full()["pulumi:providers:gcp", "gcp"]
    waited_for = {urn.rpartition("::")[2] for urn in provider.options["dependencies"]}
    apis = full().of_type("projects/service:Service")
    assert waited_for == {api.name for api in apis}
    others = {
        resource.options["provider"].rpartition("::")[0].rpartition("::")[2]
        for resource in full().resources
        if resource.type.startswith("gcp:") and resource not in apis
    }
    assert others == {"gcp"}


def test_what_enables_the_others_comes_first() -> None:
    later = [api for api in full().of_type("projects/service:Service") if api.name != "apis-serviceusage"]
    assert all(
        [urn.rpartition("::")[2] for urn in api.options["dependencies"]] == ["apis-serviceusage"]
        for api in later
    )
