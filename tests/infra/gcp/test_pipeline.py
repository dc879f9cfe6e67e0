"""A push is tested, built, deployed and asked how it is, by accounts without keys."""

import importlib.resources
import json
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from tests.infra.gcp.stacks import answers, gcp_config
from tests.synth import ROOT, Synthesis, synthesise_config

BUILD: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
SETTINGS: dict[str, object] = {
    "registry": "airfield",
    "pipeline": {"repository": "acme/airfield", "stack": "prod", "stateBucket": "acme-state"},
}


PROJECT = "rehearsal"
"""What a provider without settings of its own belongs to, under mocks."""


@cache
def declared(**airfield: str) -> Synthesis:
    return synthesise_config(gcp_config(gcp=SETTINGS, **airfield))


def suffix() -> str:
    account: str = declared()["serviceaccount/account:Account", "api"].inputs["accountId"]
    return account.removeprefix("api-")


def account(role: str) -> str:
    return f"{role}-{suffix()}-ci@{PROJECT}.iam.gserviceaccount.com"


def roles(role: str) -> set[str]:
    return {
        grant.inputs["role"]
        for grant in declared().of_type("projects/iAMMember:IAMMember")
        if grant.inputs["member"] == f"serviceAccount:{account(role)}"
    }


def test_the_build_file_is_one_that_cloud_build_takes() -> None:
    schemas = importlib.resources.files("check_jsonschema") / "builtin_schemas/vendor"
    jsonschema.validate(BUILD, json.loads((schemas / "cloudbuild.json").read_text()))


def test_a_push_is_tested_before_it_is_built_and_asked_after_it_is_deployed() -> None:
    assert [step["id"] for step in BUILD["steps"]] == ["test", "build", "deploy", "verify"]
    assert all("waitFor" not in step for step in BUILD["steps"])
    assert (BUILD["steps"][0]["entrypoint"], BUILD["steps"][0]["args"]) == ("make", ["check"])


def test_the_build_runs_with_the_values_of_the_guide() -> None:
    assert BUILD["options"] == {
        "automapSubstitutions": True,
        "logging": "CLOUD_LOGGING_ONLY",
        "machineType": "E2_HIGHCPU_8",
    }
    assert BUILD["timeout"] == "1200s"


@pytest.mark.parametrize(
    ("step", "script", "given"),
    [
        ("build", ".ci/image", ["IMAGE=$_REGISTRY/airfield", "TAGS=$COMMIT_SHA", "KEEP=1"]),
        (
            "deploy",
            'make release STACK="$_STACK" IMAGE="$(cat build/image)"',
            ["PULUMI_BACKEND_URL=$_STATE"],
        ),
        ("verify", 'make verify STACK="$_STACK" PROBE=1', ["PULUMI_BACKEND_URL=$_STATE"]),
    ],
)
def test_what_is_deployed_is_the_digest_of_the_commit(step: str, script: str, given: list[str]) -> None:
    (found,) = (each for each in BUILD["steps"] if each["id"] == step)
    assert (found["script"], found["env"]) == (script, given)


def test_the_trigger_fills_what_the_build_leaves_open() -> None:
    trigger = declared()["cloudbuild/trigger:Trigger", "pipeline"].inputs
    assert trigger == {
        "approvalConfig": {"approvalRequired": True},
        "description": "Deploys prod",
        "filename": "cloudbuild.yaml",
        "github": {"name": "airfield", "owner": "acme", "push": {"branch": "^main$"}},
        "includeBuildLogs": "INCLUDE_BUILD_LOGS_WITH_STATUS",
        "location": "global",
        "serviceAccount": f"projects/{PROJECT}/serviceAccounts/{account('deploy')}",
        "substitutions": {
            "_REGISTRY": "us-central1-docker.pkg.dev/acme-production/airfield",
            "_STACK": "prod",
            "_STATE": "gs://acme-state",
        },
    }
    assert set(trigger["substitutions"]) == set(BUILD["substitutions"])


def test_only_production_waits_for_somebodys_word() -> None:
    trigger = declared(environment="staging")["cloudbuild/trigger:Trigger", "pipeline"].inputs
    assert trigger["approvalConfig"] == {"approvalRequired": False}


def test_only_tokens_of_the_repository_are_taken() -> None:
    provider = declared()["iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", "pipeline-github"]
    assert provider.inputs == {
        "attributeCondition": "assertion.repository == 'acme/airfield'",
        "attributeMapping": {
            "attribute.repository": "assertion.repository",
            "google.subject": "assertion.sub",
        },
        "oidc": {"issuerUri": "https://token.actions.githubusercontent.com"},
        "workloadIdentityPoolId": f"github-{suffix()}",
        "workloadIdentityPoolProviderId": "github",
    }


def test_any_workflow_may_look_and_only_the_environments_may_deploy() -> None:
    pool = f"projects/{PROJECT}/locations/global/workloadIdentityPools/github-{suffix()}"
    grants = {
        grant.inputs["serviceAccountId"].rpartition("/")[2].partition("-")[0]: (
            grant.inputs["role"],
            grant.inputs["member"],
        )
        for grant in declared().of_type("serviceaccount/iAMMember:IAMMember")
    }
    assert grants == {
        "preview": (
            "roles/iam.workloadIdentityUser",
            f"principalSet://iam.googleapis.com/{pool}/attribute.repository/acme/airfield",
        ),
        "deploy": (
            "roles/iam.workloadIdentityUser",
            f"principal://iam.googleapis.com/{pool}/subject/repo:acme/airfield:environment:production",
        ),
    }


def test_the_account_that_looks_changes_nothing() -> None:
    assert roles("preview") == {
        "roles/cloudkms.cryptoKeyDecrypter",
        "roles/iam.securityReviewer",
        "roles/viewer",
    }


def test_the_account_that_deploys_cannot_raise_its_own_rights() -> None:
    assert not roles("deploy") & {
        "roles/editor",
        "roles/iam.securityAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.workloadIdentityPoolAdmin",
        "roles/owner",
        "roles/resourcemanager.projectIamAdmin",
    }
    assert {"roles/run.admin", "roles/cloudsql.admin", "roles/iam.serviceAccountUser"} <= roles("deploy")


def test_the_state_is_read_by_one_and_written_by_the_other() -> None:
    assert {
        grant.name: (grant.inputs["bucket"], grant.inputs["role"])
        for grant in declared().of_type("storage/bucketIAMMember:BucketIAMMember")
    } == {
        "pipeline-deploy-state": ("acme-state", "roles/storage.objectUser"),
        "pipeline-preview-state": ("acme-state", "roles/storage.objectViewer"),
    }


def test_nobody_deploys_but_you_where_no_pipeline_is_asked_for() -> None:
    assert synthesise_config(gcp_config()).of_type("airfield:gcp:Pipeline") == []


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"registry": ""}, "airfield:gcp: pipeline needs a registry to push to: set registry"),
        (
            {"pipeline": {"repository": "airfield", "stack": "prod", "stateBucket": "acme-state"}},
            (
                "airfield:gcp.pipeline.repository: must be an owner and a name, as acme/airfield,"
                " not 'airfield'"
            ),
        ),
    ],
)
def test_a_pipeline_that_could_not_work_is_refused(changed: dict[str, object], answer: str) -> None:
    settings = {key: value for key, value in {**SETTINGS, **changed}.items() if value}
    assert answers(gcp_config(gcp=settings)) == [answer]
