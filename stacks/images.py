"""Which image each workload of a stack runs. Declares one only where the stack builds it."""

import pulumi

from infra.image import Image
from stacks.stack_file import Build, Settings


def images(settings: Settings) -> dict[str, Image]:
    """The image of each workload: its own, or else the stack's."""
    named = {name: Image.named(w.image) for name, w in settings.workloads.items() if w.image}
    others = settings.workloads.keys() - named.keys()
    return named | (dict.fromkeys(others, _stack_image(settings)) if others else {})


def _stack_image(settings: Settings) -> Image:
    if settings.build:
        return _built(settings.build)
    assert settings.image, "a stack without image and build was refused when it was read"  # noqa: S101
    return Image.named(settings.image)


def _built(build: Build) -> Image:
    import pulumi_docker_build as docker_build

    from infra.built_image import BuiltImage, BuiltImageArgs

    provider = docker_build.Provider("docker-build")
    args = BuiltImageArgs(context=build.context, repository=build.repository)
    return BuiltImage("image", args, pulumi.ResourceOptions(provider=provider)).image
