"""A security group that starts closed and opens by name."""

import pulumi
import pulumi_aws as aws

ANYWHERE = "0.0.0.0/0"


class SecurityGroup(pulumi.ComponentResource):
    """Lets nothing in and nothing out until it is told to; each opening is a rule of its own."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        vpc_id: pulumi.Input[str],
        description: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("airfield:aws:SecurityGroup", name, None, opts)
        self.name, self._child = name, pulumi.ResourceOptions(parent=self)
        self.id = aws.ec2.SecurityGroup(
            name,
            vpc_id=vpc_id,
            description=description,
            tags={"Name": name},
            opts=self._child,
        ).id
        self.register_outputs({"id": self.id})

    def allow_from_anywhere(self, port: int) -> None:
        """Lets the internet in: for the public listener, and for nothing else."""
        self._ingress(f"from-internet-{port}", port, cidr=ANYWHERE)

    def allow_from_id(self, role: str, group_id: pulumi.Input[str], port: int) -> None:
        """Lets in a group that AWS made."""
        self._ingress(f"from-{role}", port, group_id=group_id)

    def allow_from_list(self, prefix_list_id: pulumi.Input[str], role: str, port: int) -> None:
        """Lets in a list of addresses that AWS keeps."""
        self._ingress(f"from-{role}", port, prefix_list_id=prefix_list_id)

    def allow_to_anywhere(self, port: int) -> None:
        """Lets it reach any address on a port."""
        self._egress(f"to-internet-{port}", port, cidr=ANYWHERE)

    def allow_to(self, other: "SecurityGroup", port: int) -> None:
        """Opens the path from this group to another, at both ends."""
        self._egress(f"to-{other.name}", port, group_id=other.id)
        other.allow_from(self, port)

    def allow_from(self, other: "SecurityGroup", port: int) -> None:
        """Lets another group in; `allow_to` on that one opens its own end."""
        self._ingress(f"from-{other.name}", port, group_id=other.id)

    def _ingress(
        self,
        role: str,
        port: int,
        *,
        cidr: str | None = None,
        group_id: pulumi.Input[str] | None = None,
        prefix_list_id: pulumi.Input[str] | None = None,
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self.name}-{role}",
            description=role.replace("-", " "),
            security_group_id=self.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
            referenced_security_group_id=group_id,
            prefix_list_id=prefix_list_id,
            opts=self._child,
        )

    def _egress(
        self, role: str, port: int, *, cidr: str | None = None, group_id: pulumi.Input[str] | None = None
    ) -> None:
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-{role}",
            description=role.replace("-", " "),
            security_group_id=self.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
            referenced_security_group_id=group_id,
            opts=self._child,
        )
