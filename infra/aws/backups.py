"""A bucket for what must outlive everything else."""

from dataclasses import dataclass

import pulumi

from infra.aws.bucket import PrivateBucket, PrivateBucketArgs
from infra.aws.customer_key import customer_key

OLD_VERSION_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsArgs:
    """What a place for backups is made of."""

    protected: bool


class Backups(pulumi.ComponentResource):
    """A bucket with a key of its own; what is overwritten can be brought back for three months."""

    bucket: PrivateBucket

    def __init__(self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Backups", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protected)
        key = customer_key(name, "Backups", kept)
        self.bucket = PrivateBucket(
            name,
            PrivateBucketArgs(key_arn=key.arn, old_version_days=OLD_VERSION_DAYS, protected=args.protected),
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
