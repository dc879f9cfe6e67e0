"""The prediction API, put together. Knows which parts there are, not how they work."""

from fastapi import FastAPI

from app.service import Parts, build_service
from app.settings import ApiSettings
from app.web.metrics import HttpMetrics


def create_app(settings: ApiSettings | None = None) -> FastAPI:
    """The API; settings come from the environment unless given. Raises SettingsError."""
    settings = settings or ApiSettings.load()
    metrics = HttpMetrics()
    parts = Parts(name="api", description="Predicts flight delays.", routers=[], metrics=metrics)
    return build_service(parts, settings)
