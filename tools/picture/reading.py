"""Makes a drawing of what was recorded: who calls and uses what is read from what processes are handed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from infra.datastores import URL_VARIABLE
from infra.portability import Target
from infra.workload import url_variable
from tools.compare.facts import Facts
from tools.compare.table import READERS
from tools.declared import Declared, Graph
from tools.picture.drawing import Arrow, Box, Drawing
from tools.picture.handed import WORKLOADS, Handed

INTERNET = "internet"
SECRETS = "secrets"
COMPONENT = "airfield:"
STORES = {"postgres": ("Database", "PostgreSQL"), "redis": ("Cache", "Redis")}
"""The component of each data store, and what stands there where somebody else runs it."""
OWN_FRONTS = ("airfield:aws:LoadBalancer", "airfield:gcp:Edge")
"""One for each public workload, by its name."""
SHARED_FRONT = "airfield:swarm:Edge"
FIRST_FRONT = "airfield:aws:Cdn"
NOT_DRAWN = ("pulumi:", "random:")
"""Providers, and values that are drawn by lot: nothing of them stands anywhere."""
KINDS: Mapping[str, str] = {
    "Apis": "APIs",
    "Cdn": "CloudFront",
    "CloudRunService": "Cloud Run service",
    "EksCluster": "EKS cluster",
    "GithubIdentity": "GitHub identity",
    "KubernetesWorkload": "Deployment",
    "SwarmWorkload": "Swarm service",
}
"""Where the component's own name is not how people say it."""
MOST_NAMES = 3


def drawing(graph: Graph, stack: str, target: Target) -> Drawing:
    """The whole picture."""
    reader = _Reader(graph, READERS[target](graph))
    boxes, arrows = list(reader.boxes()), list(dict.fromkeys(reader.arrows()))
    drawn = {box.key for box in boxes}
    return Drawing(
        title=f"{stack} on {target}", boxes=boxes, arrows=arrows, beside=list(reader.beside(drawn))
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    graph: Graph
    facts: Facts

    def boxes(self) -> Iterator[Box]:
        if self.public():
            yield Box(key=INTERNET, title="Internet", role="outside", notes=self.addresses())
        for front in self.fronts():
            yield self.component(front, "front")
        if any(self.handed(each.name).secret for each in self.workloads()):
            yield self.secrets()
        for workload in self.workloads():
            notes = (
                f"replicas: {self.facts.workloads[workload.name].replicas}",
                *_listed("reads ", self.handed(workload.name).secret),
            )
            yield self.component(workload, "workload", notes)
        yield from self.stores()

    def arrows(self) -> Iterator[Arrow]:
        for name in self.public():
            way = [INTERNET, *map(_key, self.way_in(name)), self.key_of(name)]
            for source, target in pairwise(way):
                yield Arrow(source=source, target=target, carries="request")
        names = [workload.name for workload in self.workloads()]
        for name in names:
            handed, key = self.handed(name), self.key_of(name)
            for callee in names:
                if url_variable(callee) in handed.plain:
                    yield Arrow(source=key, target=self.key_of(callee), carries="request")
            for store, variable in URL_VARIABLE.items():
                if variable in handed.secret:
                    yield Arrow(source=key, target=_store_key(store), carries="request")
                    if self.store(store):
                        yield Arrow(source=_store_key(store), target=SECRETS, carries="secret")
            if handed.secret:
                yield Arrow(source=SECRETS, target=key, carries="secret")

    def beside(self, drawn: set[str]) -> Iterator[Box]:
        """All else, a box for each kind."""
        kinds: dict[str, list[Declared]] = {}
        for each in self.graph.resources:
            known = _key(each) in drawn or _store_of(each) or _key(each) == self.secrets_key()
            if not each.parent and not known and not each.type.startswith(NOT_DRAWN):
                kinds.setdefault(_kind(each.type), []).append(each)
        for kind, members in sorted(kinds.items()):
            holds = frozenset(name for each in members for name in self.within(each))
            several = f"{kind} ({len(members)})" if len(members) > 1 else kind
            names = ", ".join(sorted({each.name for each in members}))
            notes = () if names.replace("-", " ") == kind.lower() else (_cut(names),)
            yield Box(key=f"beside {kind}", title=several, role="beside", holds=holds, notes=notes)

    def workloads(self) -> list[Declared]:
        return [each for of_type in WORKLOADS for each in self.graph.of_type(of_type)]

    def handed(self, name: str) -> Handed:
        (workload,) = (each for each in self.workloads() if each.name == name)
        return WORKLOADS[workload.type](self.graph, name)

    def public(self) -> list[str]:
        exposures = {name: found.exposure for name, found in self.facts.workloads.items()}
        return [name for name, exposure in exposures.items() if exposure.startswith("public")]

    def addresses(self) -> tuple[str, ...]:
        """Where it is met."""
        found = {name: self.facts.workloads[name].exposure.removeprefix("public: ") for name in self.public()}
        return (
            tuple(found.values()) if len(found) == 1 else tuple(f"{n}: {where}" for n, where in found.items())
        )

    def key_of(self, workload_name: str) -> str:
        return next(_key(each) for each in self.workloads() if each.name == workload_name)

    def fronts(self) -> list[Declared]:
        return list({_key(front): front for name in self.public() for front in self.way_in(name)}.values())

    def way_in(self, name: str) -> list[Declared]:
        own = [each for front in OWN_FRONTS for each in self.graph.of_type(front) if each.name == name]
        return [*self.graph.of_type(FIRST_FRONT), *self.graph.of_type(SHARED_FRONT), *own]

    def stores(self) -> Iterator[Box]:
        facts = {"postgres": self.facts.stack.database, "redis": self.facts.stack.cache}
        handed = [self.handed(each.name) for each in self.workloads()]
        for store, (_, elsewhere) in STORES.items():
            found = self.store(store)
            if found:
                holds = frozenset(self.within(found))
                yield Box(
                    key=_store_key(store),
                    title=found.name,
                    kind=_unlike(_kind(found.type), found.name),
                    role="store",
                    notes=(facts[store],),
                    holds=holds,
                )
            elif any(URL_VARIABLE[store] in each.secret for each in handed):
                yield Box(key=_store_key(store), title=elsewhere, kind="run by somebody else", role="store")

    def store(self, store: str) -> Declared | None:
        return next((each for each in self.graph.resources if _store_of(each) == store), None)

    def secrets(self) -> Box:
        found = next((each for each in self.graph.resources if _key(each) == self.secrets_key()), None)
        names = sorted({name for each in self.workloads() for name in self.handed(each.name).secret})
        within = {name for each in self.workloads() for name in self.within(each)}
        made = [name for name in within if name.partition(" ")[0].endswith((":Secret", ":ExternalSecret"))]
        holds = frozenset(self.within(found)) if found else frozenset(made)
        kind = "" if found else "Kubernetes Secrets" if made else "made beforehand"
        return Box(key=SECRETS, title="secrets", kind=kind, role="secrets", notes=tuple(names), holds=holds)

    def secrets_key(self) -> str:
        return next((_key(each) for each in self.graph.resources if each.type.endswith(":Secrets")), "")

    def component(self, found: Declared, role: str, notes: tuple[str, ...] = ()) -> Box:
        return Box(
            key=_key(found),
            title=found.name,
            kind=_unlike(_kind(found.type), found.name),
            role="front" if role == "front" else "workload",
            notes=notes,
            holds=frozenset(self.within(found)),
        )

    def within(self, found: Declared) -> Iterator[str]:
        """What it is made of, down to the last child; components themselves are no resources."""
        if not found.type.startswith(COMPONENT):
            yield _key(found)
        for each in self.graph.resources:
            if each.parent == _key(found):
                yield from self.within(each)


def _key(each: Declared) -> str:
    return f"{each.type} {each.name}"


def _store_key(store: str) -> str:
    return f"store {store}"


def _store_of(each: Declared) -> str | None:
    if each.parent or not each.type.startswith(COMPONENT):
        return None
    ending = each.type.rpartition(":")[2]
    return next((store for store, (component, _) in STORES.items() if component == ending), None)


def _kind(type_: str) -> str:
    """`airfield:aws:LoadBalancer` is a load balancer."""
    name = type_.rpartition(":")[2]
    return KINDS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _unlike(kind: str, name: str) -> str:
    """What its name does not say already."""
    return "" if kind.lower() == name.replace("-", " ") else kind


def _listed(before: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    shown = (
        names
        if len(names) <= MOST_NAMES
        else (*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more")
    )
    return (before + ", ".join(shown),)


def _cut(names: str, most: int = 22) -> str:
    return names if len(names) <= most else f"{names[: most - 1].rstrip(', ')}…"
