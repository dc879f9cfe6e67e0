"""Images are kept as long as somebody may want them, and a tag never comes to name another."""

from infra.gcp.registry_address import registry_address
from tests.infra.gcp.stacks import gcp_config
from tests.synth import synthesise_config


def test_the_repository_is_what_was_asked_for() -> None:
    declared = synthesise_config(gcp_config(gcp={"registry": "airfield"}))
    assert declared["artifactregistry/repository:Repository", "registry"].inputs == {
        "cleanupPolicies": [
            {"action": "KEEP", "id": "keep-recent", "mostRecentVersions": {"keepCount": 20}},
            {
                "action": "DELETE",
                "condition": {"olderThan": "7776000s", "tagState": "ANY"},
                "id": "delete-old",
            },
        ],
        "cleanupPolicyDryRun": False,
        "dockerConfig": {"immutableTags": True},
        "format": "DOCKER",
        "location": "us-central1",
        "repositoryId": "airfield",
    }
    apis = {api.inputs["service"] for api in declared.of_type("projects/service:Service")}
    assert "artifactregistry.googleapis.com" in apis


def test_none_is_made_that_nobody_asked_for() -> None:
    assert synthesise_config(gcp_config()).of_type("artifactregistry/repository:Repository") == []


def test_its_address_is_what_images_are_named_by() -> None:
    assert registry_address("acme", "us-central1", "airfield") == "us-central1-docker.pkg.dev/acme/airfield"
