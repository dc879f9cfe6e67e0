"""How objects are labelled and found. Pure.

https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
"""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

NAME = "app.kubernetes.io/name"
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that every cluster sets on every namespace."""


def labels(workload_name: str) -> dict[str, str]:
    """The labels of everything that belongs to a workload."""
    return {
        NAME: workload_name,
        "app.kubernetes.io/part-of": "airfield",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def selector(workload_name: str) -> dict[str, str]:
    """What finds a workload's pods: never more than this, since a Deployment's selector cannot change."""
    return {NAME: workload_name}


def pods_of(workload_name: str) -> LabelSelectorArgs:
    """`selector`, in the shape that policies and spreads take."""
    return LabelSelectorArgs(match_labels=selector(workload_name))


def named(
    workload_name: str,
    own_name: str,
    namespace: str,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
) -> ObjectMetaArgs:
    """Metadata of an object that belongs to a workload, and has a name of its own."""
    return ObjectMetaArgs(
        name=own_name, namespace=namespace, labels=labels(workload_name), annotations=annotations
    )


def metadata(
    workload_name: str,
    namespace: pulumi.Input[str] | None,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
) -> ObjectMetaArgs:
    """Metadata of an object that carries its workload's name, since that is what people type."""
    return ObjectMetaArgs(
        name=workload_name, namespace=namespace, labels=labels(workload_name), annotations=annotations
    )
