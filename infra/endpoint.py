"""What every platform gives back. Knows no platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the stack answers, and what it runs."""

    urls: Mapping[str, pulumi.Input[str]]
    """The base URL of each public workload, by its name."""
    images: Mapping[str, pulumi.Input[str]]
    """The image that each workload runs, by its name."""
    services: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """By the name of each workload: the target, and by what that knows the workload."""
    passwords: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Drawn for people to log in with, by what they open; kept secret."""

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """The outputs: `urls`, `images`, `services`; `url` of one public workload, `passwords` if any."""
        exports: dict[str, pulumi.Input[object]] = {
            "urls": dict(self.urls),
            "images": dict(self.images),
            "services": {name: dict(place) for name, place in self.services.items()},
        }
        if len(self.urls) == 1:
            (exports["url"],) = self.urls.values()
        if self.passwords:
            exports["passwords"] = pulumi.Output.secret(dict(self.passwords))
        return exports
