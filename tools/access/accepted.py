"""Rights that are wider than a name, and why each is. What is not here is refused by a test. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.access.grant import DOCKER_API, Grant


@dataclass(frozen=True, slots=True)
class Accepted:
    """Patterns of rights, each of which must match as a whole, and the reason."""

    principal: str
    action: str
    resource: str
    reason: str

    def covers(self, grant: Grant) -> bool:
        """Whether it is this right's reason."""
        pairs = (
            (self.principal, grant.principal),
            (self.action, grant.action),
            (self.resource, grant.resource),
        )
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


ACCEPTED: Sequence[Accepted] = (
    Accepted(
        r".+-(task|execution)|network-flows",
        r"ecr:GetAuthorizationToken|logs:DescribeLogGroups|ssmmessages:(Create|Open)(Control|Data)Channel",
        r"\*",
        "IAM lets nobody narrow these to a resource",
    ),
    Accepted(
        "the account",
        r"kms:\*",
        r"key [a-z-]+",
        "KMS's own default: the account's policies say who; without it nobody could mend the key",
    ),
    Accepted(
        r"cloudwatch\.amazonaws\.com",
        r"kms:GenerateDataKey\*",
        "key alarms-key",
        "alarms reach an encrypted topic so, and the key is for nothing else",
    ),
    Accepted(
        "deploy-preview",
        r"[a-z0-9-]+:(Describe|Get|List)\*|secretsmanager:(DescribeSecret|GetResourcePolicy)",
        r"\*",
        "asks about what stacks declare, under whatever id; changes nothing, and secrets' values are denied",
    ),
    Accepted(
        "deploy-up",
        r"[a-z0-9-]+:\*|iam:(Get|List)\*|iam:CreateServiceLinkedRole",
        r"\*",
        "makes what stacks declare: physical names carry suffixes, so no ARN is known before",
    ),
    Accepted(
        "deploy-up",
        "iam:[A-Za-z]+",
        r"arn:aws:iam::\d{12}:role/\*",
        "makes the stacks' roles, which carry suffixes, and passes them to named services alone",
    ),
    Accepted(
        ".+",
        "AmazonEKS(Cluster)?AdminPolicy",
        "the cluster",
        "named by the operator in airfield:eks.administratorArns",
    ),
    Accepted("allUsers", "roles/run.invoker", "service .+", "the workload is public: anybody may call it"),
    Accepted(
        r"serviceAccount:deploy-[0-9a-f]+-ci",
        "roles/.+",
        "project .+",
        "deploys whole stacks from one environment of one repository, and cannot raise its own rights",
    ),
    Accepted(
        r"serviceAccount:preview-[0-9a-f]+-ci",
        "roles/viewer",
        "project .+",
        "sees what is there, and no secret's value",
    ),
    Accepted(
        "tasks of socket",
        DOCKER_API,
        ".+",
        "the proxy in front of the socket: Traefik reads the Swarm through it, and changes nothing",
    ),
    Accepted(
        "tasks of cadvisor",
        DOCKER_API,
        ".+",
        "containers' names are there alone; on an internal network that only Prometheus shares",
    ),
    Accepted(
        "tasks of (cadvisor|node-exporter)",
        "reads",
        "of its node, /",
        "measures the node's disks and processes, and writes nothing",
    ),
)


def reason(grant: Grant) -> str | None:
    """Why it may be as wide as it is; None where nobody said."""
    return next((accepted.reason for accepted in ACCEPTED if accepted.covers(grant)), None)


def without_reason(grants: Iterable[Grant]) -> list[Grant]:
    """Those that are wide, and nobody said why."""
    return [grant for grant in grants if grant.is_wide and reason(grant) is None]
