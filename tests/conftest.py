"""What every test may ask for."""

import gc
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from tools.alloy_syntax.obtain import obtained_alloy_syntax
from tools.engine.obtain import obtained_engine
from tools.promtools.obtain import obtained_promtools

gc.set_threshold(500_000)
"""Else a tenth of the time goes into looking again and again through the SDKs, which stay."""


@pytest.fixture(scope="session")
def engine() -> PulumiCommand:
    """The real Pulumi engine, obtained once on this machine."""
    return obtained_engine()


@pytest.fixture(scope="session")
def promtools() -> Path:
    """The folder of promtool and amtool, built once on this machine."""
    return obtained_promtools()


@pytest.fixture(scope="session")
def alloy_syntax() -> Path:
    """The program that parses Alloy's configuration, built once on this machine."""
    return obtained_alloy_syntax()
