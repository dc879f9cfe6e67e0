"""What every test of the probe may ask for."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from app.main import create_app
from app.settings import ApiSettings
from tests.tools.probe.deployed import Deployed, served
from tests.tools.probe.faults import Faulty


@pytest.fixture(scope="module")
def _deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    database = f"sqlite:///{tmp_path_factory.mktemp('probe') / 'predictions.db'}"
    application = Faulty(create_app(ApiSettings(database_url=SecretStr(database), redis_url=None)))
    with served(application) as url:
        yield Deployed(url, application)


@pytest.fixture
def deployed(_deployed: Deployed) -> Deployed:
    """The real API over a socket, without a fault."""
    _deployed.application.fault = _deployed.application.deaf_to = None
    return _deployed
