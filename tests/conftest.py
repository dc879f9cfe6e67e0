"""What every test may ask for."""

import pytest
from pulumi.automation import PulumiCommand

from tools.engine.obtain import obtained_engine


@pytest.fixture(scope="session")
def engine() -> PulumiCommand:
    """The real Pulumi engine, obtained once on this machine."""
    return obtained_engine()
