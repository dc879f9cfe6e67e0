"""Stands in for the Kubernetes provider: renders manifests as the real one does. Reaches no cluster."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from tools.standin.manifests import manifest_path, metadata, remove_manifest, write_manifest
from tools.standin.provider import StandIn, under
from tools.standin.resource import Resource
from tools.standin.wire import Properties

# https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.0/provider/pkg/provider/diff.go (forceNewProperties)
_REPLACED_BY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_REPLACED_BY_KIND = {
    "ConfigMap": ("data", "binaryData"),
    "Deployment": ("spec.selector",),
    "Job": ("spec.completions", "spec.selector", "spec.template"),
    "PersistentVolumeClaim": (
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    "Secret": ("data", "stringData", "type"),
    "Service": ("spec.clusterIP", "spec.type"),
    "StatefulSet": (
        "spec.podManagementPolicy",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "StorageClass": ("parameters", "provisioner"),
}
_IN_PLACE = {"ConfigMap": "enableConfigMapMutable", "Secret": "enableSecretMutable"}
"""The provider's inputs by which the data of a kind changes in place."""


def _balancer_host(resource: Resource) -> str:
    """The name of an Application Load Balancer, as AWS's controller makes it, in the cluster's region.

    https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v2.14.0/pkg/ingress/model_build_load_balancer.go
    """
    meta = metadata(resource.inputs)
    namespace, name = (str(meta.get(key) or "").replace("-", "")[:8] for key in ("namespace", "name"))
    found = re.search(r'"--region", "([^"]+)"', str(resource.provider.get("kubeconfig") or ""))
    region = found[1] if found else "us-east-1"
    number = int(resource.digest[10:18], 16)
    return f"k8s-{namespace}-{name}-{resource.digest[:10]}-{number}.{region}.elb.amazonaws.com"


class Kubernetes(StandIn):
    """Any kind of any API group."""

    package = "kubernetes"

    def __init__(self, *, root: Path, render: bool) -> None:
        """A relative `renderYamlToDirectory` lies under `root`; without `render` no file is touched."""
        super().__init__()
        self._root = root
        self._render = render

    def complete(self, resource: Resource, old: Properties) -> Properties:
        """A name where none is given, kept once it is given."""
        meta = metadata(resource.inputs)
        if meta.get("name") or meta.get("generateName"):
            return {}
        name = metadata(old).get("name") or f"{resource.name}-{resource.digest[:8]}"
        return {"metadata": {**meta, "name": name}}

    def identity(self, resource: Resource) -> str:
        """`namespace/name`, or `name` where there is no namespace."""
        meta = metadata(resource.inputs)
        namespace = meta.get("namespace")
        return f"{namespace}/{meta.get('name')}" if namespace else str(meta.get("name"))

    def computed(self, resource: Resource) -> Properties:
        """The address of a balancer, which a cluster fills in; a file has none."""
        spec = cast("Properties", resource.inputs.get("spec") or {})
        balanced = resource.kind == "Ingress" or spec.get("type") == "LoadBalancer"
        if resource.provider.get("renderYamlToDirectory") or not balanced:
            return {}
        by_name = spec.get("ingressClassName") == "alb"
        address: Properties = {"hostname": _balancer_host(resource)} if by_name else {"ip": "192.0.2.10"}
        return {"status": {"loadBalancer": {"ingress": [address]}}}

    def replaced_by(self, resource: Resource, paths: Iterable[str]) -> list[str]:
        """A manifest of another name or kind is another object; some fields are fixed once set."""
        fixed = _REPLACED_BY_KIND.get(resource.kind, ())
        if str(resource.provider.get(_IN_PLACE.get(resource.kind, ""))).lower() == "true":
            fixed = tuple(field for field in fixed if not field.lower().endswith("data"))
        forcing = (*_REPLACED_BY, *fixed)
        return [path for path in paths if under(path, forcing)]

    def deletes_first(self, resource: Resource, old: Properties) -> bool:
        """Two objects cannot have one name."""
        return manifest_path(Path(), old) == manifest_path(Path(), resource.inputs)

    def made(self, resource: Resource) -> None:
        """Write its file."""
        directory = self._directory(resource)
        if directory:
            write_manifest(directory, resource.inputs)

    def removed(self, resource: Resource) -> None:
        """Remove its file."""
        directory = self._directory(resource)
        if directory:
            remove_manifest(directory, resource.inputs, within=self._root)

    def _directory(self, resource: Resource) -> Path | None:
        rendered_to = resource.provider.get("renderYamlToDirectory")
        return self._root / str(rendered_to) if self._render and rendered_to else None
