"""What a cluster of EKS needs to be told that other clusters do by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pulumi_kubernetes.core.v1 import ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import IngressClassParametersReferenceArgs, IngressClassSpecArgs

from infra.aws.load_balancer import TLS_POLICY

BALANCER_CLASS = "alb"

INTERNET_FACING = {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html"""


def network_policies(opts: pulumi.ResourceOptions) -> k8s.core.v1.ConfigMap:
    """Switches on that network policies are kept: without it, Auto Mode takes them and does nothing.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
    """
    return k8s.core.v1.ConfigMap(
        "network-policies",
        metadata=ObjectMetaArgs(name="amazon-vpc-cni", namespace="kube-system"),
        data={"enable-network-policy-controller": "true"},
        opts=opts,
    )


def balancer_zone_id(asked_by: pulumi.Resource) -> pulumi.Output[str]:
    """Route 53's zone of every Application Load Balancer in the region of the asker's provider.

    A cluster says the name of one that it makes, and no more.
    """
    opts = pulumi.InvokeOptions(parent=asked_by)
    return aws.lb.get_hosted_zone_id_output(load_balancer_type="application", opts=opts).id


def balancer_class(
    certificate_arn: pulumi.Input[str],
    prefix_list_ids: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> k8s.networking.v1.IngressClass:
    """The ingress class alb: an Application Load Balancer for each Ingress, with this certificate.

    It is open to the addresses of the lists alone, or to everybody where none is given.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
    """
    spec: dict[str, object] = {
        "scheme": "internet-facing",
        "certificateARNs": [certificate_arn],
        "sslPolicy": TLS_POLICY,
    }
    if prefix_list_ids:
        spec["prefixListsIDs"] = list(prefix_list_ids)
    meta = ObjectMetaArgs(name=BALANCER_CLASS)
    parameters = k8s.apiextensions.CustomResource(
        "balancer-parameters",
        api_version="eks.amazonaws.com/v1",
        kind="IngressClassParams",
        metadata=meta,
        spec=spec,
        opts=opts,
    )
    return k8s.networking.v1.IngressClass(
        "balancer-class",
        metadata=meta,
        spec=IngressClassSpecArgs(
            controller="eks.amazonaws.com/alb",
            parameters=IngressClassParametersReferenceArgs(
                api_group="eks.amazonaws.com", kind="IngressClassParams", name=BALANCER_CLASS
            ),
        ),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[parameters])),
    )


def internet_facing(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Puts a public workload's load balancer where the internet meets it; Auto Mode's default is inside."""
    spec, meta = args.props.get("spec"), args.props.get("metadata")
    if not isinstance(spec, ServiceSpecArgs) or spec.type != "LoadBalancer":
        return None
    assert isinstance(meta, ObjectMetaArgs), "every Service of a workload has metadata"  # noqa: S101
    public = ObjectMetaArgs(
        name=meta.name, namespace=meta.namespace, labels=meta.labels, annotations=INTERNET_FACING
    )
    return pulumi.ResourceTransformationResult({**args.props, "metadata": public}, args.opts)
