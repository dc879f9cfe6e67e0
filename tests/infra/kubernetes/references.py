"""What objects name that is not there, and what selects nothing or too much. Knows no stack."""

import re
from collections.abc import Callable, Iterator

from tests.infra.kubernetes.manifests import Manifest, is_selected, of_kind, pods_in

IN_CLUSTER = re.compile(
    r"https?://([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc\.cluster\.local)?(?::(\d+))?(?=[/\"'\s]|$)"
)
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
MADE_FROM = {"Deployment", "StatefulSet", "Job", "CronJob"}
Manifests = list[Manifest]


def dangling(manifests: Manifests) -> list[str]:
    """A line for each fault, sorted."""
    return sorted(line for check in CHECKS for line in check(manifests))


def namespaces(manifests: Manifests) -> Iterator[str]:
    there = set(of_kind(manifests, "Namespace"))
    for each in manifests:
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") not in there:
            yield f"{each['kind']} {each['metadata']['name']} lies in no namespace"


def pods(manifests: Manifests) -> Iterator[str]:
    keys = keys_of(manifests)
    for name, pod in pods_in(manifests).items():
        for kind, target, key in named_by(pod["spec"]):
            if (kind, target) not in keys:
                yield f"{name}: no {kind} {target}" + (f" with {key}" if key else "")
            elif key and key not in keys[kind, target]:
                yield f"{name}: no {key} in {kind} {target}"


def keys_of(manifests: Manifests) -> dict[tuple[str, str], set[str]]:
    """What a pod may name, and the keys in it."""
    found: dict[tuple[str, str], set[str]] = {}
    for each in manifests:
        name = each["metadata"]["name"]
        match each["kind"]:
            case "ConfigMap":
                found["ConfigMap", name] = set(each.get("data", {}))
            case "Secret":
                found["Secret", name] = set(each["stringData"])
            case "ExternalSecret":
                target = each["spec"]["target"]["name"]
                found["Secret", target] = {entry["secretKey"] for entry in each["spec"]["data"]}
            case "ServiceAccount" | "PersistentVolumeClaim" as kind:
                found[kind, name] = set()
            case _:
                pass
    return found


def named_by(spec: Manifest) -> Iterator[tuple[str, str, str | None]]:
    """Kind, name and key of everything that a pod names."""
    if account := spec.get("serviceAccountName"):
        yield ("ServiceAccount", account, None)
    for volume in spec.get("volumes", []):
        yield from named_by_volume(volume)
    for container in spec["containers"]:
        yield from (
            ("ConfigMap", each["configMapRef"]["name"], None) for each in container.get("envFrom", [])
        )
        for variable in container.get("env", []):
            if "valueFrom" in variable:
                reference = variable["valueFrom"]["secretKeyRef"]
                yield ("Secret", reference["name"], reference["key"])


def named_by_volume(volume: Manifest) -> Iterator[tuple[str, str, str | None]]:
    match volume:
        case {"configMap": {"name": name, **rest}}:
            yield ("ConfigMap", name, None)
            yield from (("ConfigMap", name, item["key"]) for item in rest.get("items", []))
        case {"secret": {"secretName": name}}:
            yield ("Secret", name, None)
        case {"persistentVolumeClaim": {"claimName": name}}:
            yield ("PersistentVolumeClaim", name, None)
        case {"emptyDir": _}:
            pass
        case _:
            yield ("volume", str(volume), None)


def containers(manifests: Manifests) -> Iterator[str]:
    for name, pod in pods_in(manifests).items():
        volumes = [volume["name"] for volume in pod["spec"].get("volumes", [])]
        for container in pod["spec"]["containers"]:
            mounts = container.get("volumeMounts", [])
            if sorted(mount["name"] for mount in mounts) != sorted(volumes):
                yield f"{name}: mounts and volumes differ"
            if len({mount["mountPath"] for mount in mounts}) != len(mounts):
                yield f"{name}: two mounts at one path"
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in PROBES:
                asked = container.get(probe, {})
                port = {**asked.get("httpGet", {}), **asked.get("tcpSocket", {})}.get("port")
                if port and port not in ports:
                    yield f"{name}: {probe} asks a port {port}"


def controllers(manifests: Manifests) -> Iterator[str]:
    services = of_kind(manifests, "Service")
    for each in manifests:
        spec, name = each.get("spec", {}), each["metadata"]["name"]
        if each["kind"] in {"Deployment", "StatefulSet"} and selected(manifests, spec["selector"]) != [name]:
            yield f"{each['kind']} {name} selects {selected(manifests, spec['selector'])}"
        if each["kind"] == "StatefulSet" and spec["serviceName"] not in services:
            yield f"StatefulSet {name}: no Service {spec['serviceName']}"
        if each["kind"] == "HorizontalPodAutoscaler":
            target = spec["scaleTargetRef"]
            if target["name"] not in of_kind(manifests, target["kind"]):
                yield f"HorizontalPodAutoscaler {name}: no {target['kind']} {target['name']}"
        if each["kind"] == "PodDisruptionBudget" and selected(manifests, spec["selector"]) != [name]:
            yield f"PodDisruptionBudget {name} selects {selected(manifests, spec['selector'])}"
    for name, pod in pods_in(manifests).items():
        for spread in pod["spec"].get("topologySpreadConstraints", []):
            if selected(manifests, spread["labelSelector"]) != [name]:
                yield f"{name} is spread among {selected(manifests, spread['labelSelector'])}"


def selected(manifests: Manifests, selector: Manifest) -> list[str]:
    """Whose pods a selector finds."""
    return [
        name for name, pod in pods_in(manifests).items() if is_selected(pod["metadata"]["labels"], selector)
    ]


def services(manifests: Manifests) -> Iterator[str]:
    for name, each in of_kind(manifests, "Service").items():
        found = selected(manifests, {"matchLabels": each["spec"]["selector"]})
        if len(found) != 1:
            yield f"Service {name} selects {found}"
            continue
        (container,) = pods_in(manifests)[found[0]]["spec"]["containers"]
        named = {port["name"] for port in container["ports"]}
        led = {port["targetPort"] for port in each["spec"]["ports"]}
        if led != named:
            yield f"Service {name} leads to {sorted(led)}, not {sorted(named)}"


def policies(manifests: Manifests) -> Iterator[str]:
    operated = [{"cnpg.io/cluster": name} for name in of_kind(manifests, "Cluster")]
    solver = {"acme.cert-manager.io/http01-solver": "true"}
    labels = [pod["metadata"]["labels"] for pod in pods_in(manifests).values()] + operated
    for name, each in of_kind(manifests, "NetworkPolicy").items():
        spec = each["spec"]
        if not any(is_selected(found, spec["podSelector"]) for found in [*labels, solver]):
            yield f"NetworkPolicy {name} binds nobody"
        peers = [
            peer
            for rule in (*spec.get("ingress", []), *spec.get("egress", []))
            for peer in (*rule.get("from", []), *rule.get("to", []))
            if "podSelector" in peer and "namespaceSelector" not in peer
        ]
        for peer in peers:
            if not any(is_selected(found, peer["podSelector"]) for found in labels):
                yield f"NetworkPolicy {name} names nobody: {peer['podSelector']['matchLabels']}"


def ways_in(manifests: Manifests) -> Iterator[str]:
    ports = {
        (name, port["port"])
        for name, each in of_kind(manifests, "Service").items()
        for port in each["spec"]["ports"]
    }
    for name, each in of_kind(manifests, "Ingress").items():
        for rule in each["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                if (backend["name"], backend["port"]["number"]) not in ports:
                    yield f"Ingress {name}: no Service {backend['name']} with {backend['port']['number']}"
        through: str = each["metadata"]["annotations"].get(
            "traefik.ingress.kubernetes.io/router.middlewares", ""
        )
        named = {
            f"{each['metadata']['namespace']}-{made}@kubernetescrd"
            for made in of_kind(manifests, "Middleware")
        }
        if {name for name in through.split(",") if name} != named:
            yield f"Ingress {name} goes through {through}, not {sorted(named)}"
    for name, each in of_kind(manifests, "HTTPRoute").items():
        for rule in each["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                if (backend["name"], backend["port"]) not in ports:
                    yield f"HTTPRoute {name}: no Service {backend['name']} with {backend['port']}"


def rights(manifests: Manifests) -> Iterator[str]:
    roles, accounts = of_kind(manifests, "Role"), of_kind(manifests, "ServiceAccount")
    for name, each in of_kind(manifests, "RoleBinding").items():
        if each["roleRef"]["name"] not in roles:
            yield f"RoleBinding {name}: no Role {each['roleRef']['name']}"
        for subject in each["subjects"]:
            account = accounts.get(subject["name"])
            if not account or account["metadata"]["namespace"] != subject["namespace"]:
                yield f"RoleBinding {name}: no ServiceAccount {subject['name']}"


def operated(manifests: Manifests) -> Iterator[str]:
    keys, of_services = keys_of(manifests), of_kind(manifests, "Service")
    for name, each in of_kind(manifests, "Cluster").items():
        secret = each["spec"]["bootstrap"]["initdb"]["secret"]["name"]
        if keys.get(("Secret", secret)) != {"username", "password"}:
            yield f"Cluster {name}: no Secret {secret}"
    for name, each in of_kind(manifests, "ServiceMonitor").items():
        found = [
            {port["name"] for port in service["spec"]["ports"]}
            for service in of_services.values()
            if is_selected(service["metadata"]["labels"], each["spec"]["selector"])
        ]
        if len(found) != 1 or {endpoint["port"] for endpoint in each["spec"]["endpoints"]} - found[0]:
            yield f"ServiceMonitor {name} reads {found}"


def addresses(manifests: Manifests) -> Iterator[str]:
    """Addresses of Services that stand in settings."""
    ports = {
        name: {port["port"] for port in each["spec"]["ports"]}
        for name, each in of_kind(manifests, "Service").items()
    }
    for name, each in of_kind(manifests, "ConfigMap").items():
        for key, text in each.get("data", {}).items():
            for host, namespace, port in IN_CLUSTER.findall(text):
                wrong_place = namespace and namespace != each["metadata"]["namespace"]
                if wrong_place or int(port or 80) not in ports.get(host, set()):
                    yield f"ConfigMap {name}: nobody answers at {host}:{port or 80}, which {key} names"


def leftovers(manifests: Manifests) -> Iterator[str]:
    """What nothing names."""
    named = {(kind, name) for pod in pods_in(manifests).values() for kind, name, _ in named_by(pod["spec"])}
    named |= {
        ("Secret", each["spec"]["bootstrap"]["initdb"]["secret"]["name"])
        for each in of_kind(manifests, "Cluster").values()
    }
    yield from (f"nothing names {kind} {name}" for kind, name in sorted(keys_of(manifests).keys() - named))


CHECKS: tuple[Callable[[Manifests], Iterator[str]], ...] = (
    namespaces,
    pods,
    containers,
    controllers,
    services,
    policies,
    ways_in,
    rights,
    operated,
    addresses,
    leftovers,
)
