"""One right: who may do what, on what; and which rights are wider than a name. Reads no platform's words."""

import re
from dataclasses import dataclass

EVERYBODY = frozenset({"*", "allUsers", "allAuthenticatedUsers"})
WHOLE_KIND = re.compile(r"\*|arn:aws:(?!s3:)[^:]*:[^:]*:[^:]*:[a-z-]+[/:]\*")
"""Everything, or everything of one kind in the account; objects of a bucket that is named are not."""
WIDE_ROLE = re.compile(
    r"roles/(owner|editor|viewer)|roles/.*[aA]dmin|roles/iam\.serviceAccount(User|TokenCreator)"
    r"|cluster-admin|AmazonEKS(Cluster)?AdminPolicy|.*(Administrator|Full)Access"
)
"""Google's basic roles, those that administer a service and those that take an account's place; Kubernetes'
superuser, on EKS too; AWS's managed policies of that kind.

https://cloud.google.com/iam/docs/roles-overview#basic,
https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
"""
DOCKER_API = "everything that Docker can"
"""Whoever has the engine's socket: https://docs.docker.com/engine/security/#docker-daemon-attack-surface."""
WRITES = "writes"
WHOLE_NODE = "of its node, /"
ARN = re.compile(r"arn:aws:(?P<service>[^:]*):[^:]*:[^:]*:(?P<rest>.*)")
SUFFIX = re.compile(r"-[0-9a-f]{7}(/[0-9a-f]{16})?(?![0-9a-z])")
"""What a provider adds to a logical name."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One right."""

    principal: str
    action: str
    resource: str

    @property
    def is_wide(self) -> bool:
        """Whether it needs a reason: it names no single action, no single resource, or nobody."""
        return (
            self.principal in EVERYBODY
            or "*" in self.action
            or self.action in {DOCKER_API, WRITES}
            or self.resource == WHOLE_NODE
            or bool(WIDE_ROLE.fullmatch(self.action))
            or bool(WHOLE_KIND.fullmatch(self.resource))
        )

    @property
    def on(self) -> str:
        """The resource as people name it: `secretsmanager secret:secrets-KEY`."""
        found = ARN.fullmatch(self.resource)
        return SUFFIX.sub("", f"{found['service']} {found['rest']}" if found else self.resource)
