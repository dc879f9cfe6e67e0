"""One resource as the engine speaks of it. Knows no package."""

import hashlib
import json
from dataclasses import dataclass

from tools.standin.wire import Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as the engine speaks of it, its inputs without wrappers."""

    type: str
    name: str
    urn: str
    inputs: Properties
    provider: Properties
    """The settings of the provider that it belongs to."""
    fixed: Properties
    """Those inputs that cannot change without another resource in its place."""

    @property
    def digest(self) -> str:
        """Hexadecimal digits that are its own, the same in every run, and others once it is replaced."""
        fixed = json.dumps(self.fixed, sort_keys=True) if self.fixed else ""
        return hashlib.sha256(f"{self.urn}{fixed}".encode()).hexdigest()

    @property
    def kind(self) -> str:
        """`Vpc` of `aws:ec2/vpc:Vpc`."""
        return self.type.rpartition(":")[2]

    @property
    def module(self) -> str:
        """`ec2` of `aws:ec2/vpc:Vpc`."""
        return self.type.split(":")[1].split("/")[0]

    @property
    def physical_name(self) -> str:
        """The name given, or what a provider makes of the logical one: a suffix keeps it unique."""
        return str(self.inputs.get("name") or f"{self.name}-{self.digest[:7]}")
