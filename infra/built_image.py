"""Builds an image from a Dockerfile and pushes it. Imported only where a stack builds."""

from dataclasses import dataclass

import pulumi
import pulumi_docker_build as docker_build

from infra.image import Image

PLATFORMS = [docker_build.Platform.LINUX_AMD64, docker_build.Platform.LINUX_ARM64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltImageArgs:
    """What an image is built from, and where it goes."""

    context: str
    """Folder of the Dockerfile."""
    repository: str
    """Where it is pushed to."""


class BuiltImage(pulumi.ComponentResource):
    """An image for amd64 and arm64, known by the digest that the push gave it."""

    image: Image

    def __init__(self, name: str, args: BuiltImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:image:BuiltImage", name, None, opts)
        cache = f"{args.repository}:buildcache"
        built = docker_build.Image(
            name,
            context=docker_build.BuildContextArgs(location=args.context),
            platforms=PLATFORMS,
            tags=[f"{args.repository}:latest"],
            push=True,
            # A preview neither waits for a build nor needs a Docker engine.
            build_on_preview=False,
            cache_from=[docker_build.CacheFromArgs(registry=docker_build.CacheFromRegistryArgs(ref=cache))],
            cache_to=[
                docker_build.CacheToArgs(
                    registry=docker_build.CacheToRegistryArgs(ref=cache, mode=docker_build.CacheMode.MAX)
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.image = Image(
            reference=pulumi.Output.concat(args.repository, "@", built.digest), repository=args.repository
        )
        self.register_outputs({"reference": self.image.reference})
