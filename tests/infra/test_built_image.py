from tests.synth import Synthesis, synthesise_config


def said() -> Synthesis:
    return synthesise_config(
        {
            "airfield:target": "kubernetes",
            "airfield:environment": "production",
            "airfield:build": {"repository": "ghcr.io/acme/airfield", "context": "app"},
            "airfield:workloads": {"api": {}, "worker": {}, "proxy": {"image": "proxy@sha256:1"}},
        }
    )


def test_one_image_is_built_for_both_processors_and_pushed() -> None:
    built = said()["docker-build:index:Image", "image"].inputs
    kept = ("context", "platforms", "tags", "push", "buildOnPreview", "cacheFrom")
    assert {key: built[key] for key in kept} == {
        "context": {"location": "app"},
        "platforms": ["linux/amd64", "linux/arm64"],
        "tags": ["ghcr.io/acme/airfield:latest"],
        "push": True,
        "buildOnPreview": False,
        "cacheFrom": [{"registry": {"ref": "ghcr.io/acme/airfield:buildcache"}}],
    }


def test_every_layer_is_cached_beside_the_image() -> None:
    (cache,) = said()["docker-build:index:Image", "image"].inputs["cacheTo"]
    assert (cache["registry"]["ref"], cache["registry"]["mode"]) == (
        "ghcr.io/acme/airfield:buildcache",
        "max",
    )


def test_workloads_run_what_was_built_by_its_digest() -> None:
    images = {
        each.name: each.inputs["spec"]["template"]["spec"]["containers"][0]["image"]
        for each in said().of_type("Deployment")
    }
    assert images["api"].startswith("ghcr.io/acme/airfield@sha256:")
    assert images == {"api": images["api"], "worker": images["api"], "proxy": "proxy@sha256:1"}
