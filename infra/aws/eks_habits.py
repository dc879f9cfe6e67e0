"""What a cluster of EKS needs to be told that other clusters do by themselves."""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.core.v1 import ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import IngressClassParametersReferenceArgs, IngressClassSpecArgs

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


def balancer_class(
    certificate_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> k8s.networking.v1.IngressClass:
    """The ingress class alb: an Application Load Balancer for each Ingress, with this certificate.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
    """
    meta = ObjectMetaArgs(name=BALANCER_CLASS)
    parameters = k8s.apiextensions.CustomResource(
        "balancer-parameters",
        api_version="eks.amazonaws.com/v1",
        kind="IngressClassParams",
        metadata=meta,
        spec={"scheme": "internet-facing", "certificateARNs": [certificate_arn]},
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
