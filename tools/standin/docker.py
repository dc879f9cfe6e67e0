"""Stands in for the two Docker providers: services of an engine, and builds of images. Reaches no engine."""

from typing import cast

from tools.standin.provider import StandIn
from tools.standin.resource import Resource
from tools.standin.wire import Json, Properties


class Docker(StandIn):
    """Services, networks, secrets and the like."""

    package = "docker"

    def identity(self, resource: Resource) -> str:
        """As the engine's own ids look."""
        return resource.digest[:25]

    def computed(self, resource: Resource) -> Properties:
        """The name, and an image's digest."""
        digest = f"sha256:{resource.digest}"
        return {
            **super().computed(resource),
            "imageId": digest,
            "repoDigest": f"{resource.inputs.get('name')}@{digest}",
        }

    def deletes_first(self, resource: Resource, old: Properties) -> bool:
        """Two objects of a Swarm cannot have one name."""
        return resource.inputs.get("name") == old.get("name")


class DockerBuild(StandIn):
    """Builds of images."""

    package = "docker-build"

    def identity(self, resource: Resource) -> str:
        """The image's digest."""
        return f"sha256:{resource.digest}"

    def computed(self, resource: Resource) -> Properties:
        """A reference by digest, as after a push."""
        digest = self.identity(resource)
        tags = cast("list[Json]", resource.inputs.get("tags") or [])
        return {
            "contextHash": resource.digest,
            "digest": digest,
            "ref": f"{tags[0]}@{digest}" if tags else digest,
        }
