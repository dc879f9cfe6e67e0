"""What tests of images share: an engine, our Dockerfile built on it, containers that end with their test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.base_image import build_base_image
from tests.docker_engine import Engine, docker_engine
from tests.image.container import Container

ROOT = Path(__file__).parents[2]
BASE = "airfield-test-base"
BUILD_SECONDS = 900


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A real Docker engine, or a skip that says what to install."""
    with docker_engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def api_image(engine: Engine) -> str:
    """The Dockerfile as it is, built on the Python of this machine."""
    build_base_image(engine, BASE)
    # The way to the package index is the machine's; a container of its own network need not have it.
    options = ["--network", "host", "--build-arg", f"PYTHON_IMAGE={BASE}", "--tag", "airfield:test"]
    engine.docker("build", *options, str(ROOT), seconds=BUILD_SECONDS)
    return "airfield:test"


@pytest.fixture(scope="module")
def start(engine: Engine, api_image: str) -> Iterator[Callable[..., Container]]:
    """Starts a container of the image, locked in as strictly as any platform does, with no network at all."""
    with ExitStack() as containers:

        def start(*command: str, **environment: str) -> Container:
            container = Container.start(engine, api_image, *command, **environment)
            containers.callback(container.remove)
            return container

        yield start
