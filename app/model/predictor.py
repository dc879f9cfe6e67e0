"""Loads the trained model and asks it. Knows where it lies, not who asks."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import xgboost
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.model.flights import Catalogue, Flight
from app.settings import StartError

ARTEFACT = Path(__file__).parent / "artefact"
"""Where training leaves the model, its manifest and its card."""
MODEL_FILE = "delay.ubj"
MANIFEST_FILE = "manifest.json"


class ModelError(StartError):
    """The model file is missing or not the one that its manifest describes."""


class Manifest(BaseModel):
    """What has to be known about a model file to use it."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    model_type: str
    model_version: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the model file."""
    threshold: float = Field(gt=0, lt=1)
    """From this probability on, a flight is called delayed."""
    catalogue: Catalogue


class Predictor:
    """A model that is loaded."""

    def __init__(self, booster: xgboost.Booster, manifest: Manifest) -> None:
        # XGBoost's annotations leave types open; what is used of it is pinned down here.
        self._booster = cast("Any", booster)
        self.manifest = manifest

    @classmethod
    def load(cls, folder: Path = ARTEFACT) -> Self:
        """From the model and manifest in `folder`. Raises ModelError if they do not belong together."""
        try:
            manifest = Manifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
            model = (folder / MODEL_FILE).read_bytes()
        except (OSError, ValidationError) as error:
            raise ModelError(f"cannot read the model in {folder}: {type(error).__name__}") from error
        found = hashlib.sha256(model).hexdigest()
        if found != manifest.sha256:
            raise ModelError(
                f"{folder / MODEL_FILE} has checksum {found}, its manifest says {manifest.sha256}"
            )
        # One thread: a single row is done before others could start, and requests share the cores already.
        booster = xgboost.Booster(params={"nthread": 1}, model_file=bytearray(model))
        return cls(booster, manifest)

    def delay_probabilities(self, flights: Sequence[Flight]) -> list[float]:
        """Of arriving 15 minutes late or more, in the order of `flights`."""
        features = np.array(
            [self.manifest.catalogue.features(flight) for flight in flights], dtype=np.float32
        )
        return [float(probability) for probability in self._booster.inplace_predict(features)]
