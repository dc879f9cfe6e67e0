"""What tests of the Swarm share: an engine, images, and one stack that goes through its life."""

from collections.abc import Iterator

import pytest

from tests.base_image import BASE, build_image
from tests.docker_engine import Engine, docker_engine
from tests.swarm.cluster import Cluster, swarm
from tests.swarm.stand_ins import HERE, build_stand_ins

API = f"{HERE}/airfield"


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A real Docker engine, or a skip that says what to install."""
    with docker_engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def api_images(engine: Engine) -> tuple[str, str, str]:
    """The Dockerfile as it is, built on the Python of this machine; the same again; and one that is ill."""
    first, second, ill = f"{API}:first", f"{API}:second", f"{API}:ill"
    build_image(engine, first)
    engine.docker("tag", first, second)
    return first, second, ill


@pytest.fixture(scope="session")
def cluster(engine: Engine, api_images: tuple[str, str, str]) -> Iterator[Cluster]:
    """A Swarm of one node, and the images that it needs."""
    first, _, ill = api_images
    _build_ill(engine, first, ill)
    images = build_stand_ins(engine, BASE)
    with swarm(engine):
        yield Cluster(engine=engine, images=images)


def _build_ill(engine: Engine, healthy: str, ill: str) -> None:
    """It starts, listens, and answers that nothing is there."""
    container = engine.docker("create", healthy)
    command = 'CMD ["python", "-m", "http.server", "8000"]'
    engine.docker("commit", "--change", command, container, ill)
    engine.docker("rm", "--volumes", container)
