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
    passwords: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Drawn for people to log in with, by what they open; kept secret."""

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """The stack's outputs: `urls`, `images`; `url` where one workload is public, `passwords` if any."""
        exports: dict[str, pulumi.Input[object]] = {"urls": dict(self.urls), "images": dict(self.images)}
        if len(self.urls) == 1:
            (exports["url"],) = self.urls.values()
        if self.passwords:
            exports["passwords"] = pulumi.Output.secret(dict(self.passwords))
        return exports
