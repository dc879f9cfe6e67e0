"""All rights that a stack declares, whatever platform it is for. Pure."""

from tools.access.amazon import on_amazon
from tools.access.cluster import on_cluster
from tools.access.google import on_google
from tools.access.grant import Grant
from tools.access.swarm import on_swarm
from tools.declared import Graph


def grants(graph: Graph) -> list[Grant]:
    """In order; each reader finds its own platform's resources, and on EKS two do."""
    return sorted({*on_amazon(graph), *on_google(graph), *on_cluster(graph), *on_swarm(graph)})
