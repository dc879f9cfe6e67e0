"""What the environment decides, read once. Knows no framework and opens no connection."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg", "sqlite", "sqlite+aiosqlite")
REDIS_SCHEMES = ("redis", "rediss", "unix")
HTTP_SCHEMES = ("http", "https")


class StartError(Exception):
    """A service cannot start; its text is for whoever started it, one line for each reason."""


class SettingsError(StartError):
    """The environment holds values that cannot be used."""


def _with_scheme(url: str, schemes: tuple[str, ...]) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or not rest or scheme not in schemes:
        raise ValueError(f"must be a URL that starts with {' or '.join(f'{s}://' for s in schemes)}")
    return url


def _database_url(url: SecretStr) -> SecretStr:
    _with_scheme(url.get_secret_value(), DATABASE_SCHEMES)
    return url


def _redis_url(url: SecretStr) -> SecretStr:
    _with_scheme(url.get_secret_value(), REDIS_SCHEMES)
    return url


def _http_url(url: str) -> str:
    return _with_scheme(url, HTTP_SCHEMES).rstrip("/")


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


HttpUrlText = Annotated[str, AfterValidator(_http_url)]


class FileVariables(PydanticBaseSettingsSource):
    """Reads NAME from the file that NAME_FILE names, as Docker and Kubernetes mount secrets."""

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        if not path:
            return None, field_name, False
        if os.environ.get(field_name.upper()):
            raise SettingsError(f"{variable}: {field_name.upper()} is set too; set one of them")
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable}: cannot read {path}: {type(error).__name__}") from error

    @override
    def __call__(self) -> dict[str, Any]:
        values = {
            name: self.get_field_value(f, name)[0] for name, f in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """What every service reads. Each field is the variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "staging", "production"] = "development"
    """Named in the logs and traces."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    """The least severe line that is logged."""
    host: str = "0.0.0.0"  # noqa: S104 (a container is reached from outside itself)
    """The address that is listened on."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """The port that is listened on; left out, the service's own."""
    workers: int = Field(default=1, ge=1, le=64)
    """Processes that share the port."""
    otel_exporter_otlp_endpoint: HttpUrlText | None = None
    """Where traces go, by OTLP over HTTP; left out, none are made."""
    request_timeout_seconds: float = Field(default=30, gt=0, le=3600)
    """How long one request may take, from its first byte to its answer."""
    max_body_bytes: int = Field(default=1024 * 1024, ge=1024)
    """The largest request body."""
    drain_seconds: float = Field(default=5, ge=0, le=110)
    """How long requests are still accepted after SIGTERM, while `/ready` already says no."""
    shutdown_seconds: int = Field(default=20, ge=1, le=110)
    """How long requests in flight may then take to finish."""

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileVariables(settings_cls)

    @classmethod
    def load(cls) -> Self:
        """From the environment. Raises SettingsError, which never repeats a value."""
        try:
            return cls()
        except ValidationError as error:
            lines = [
                f"{str(e['loc'][0]).upper() if e['loc'] else 'environment'}: {e['msg']}"
                for e in error.errors(include_input=False, include_url=False)
            ]
            raise SettingsError("\n".join(lines)) from None


class ApiSettings(Settings):
    """What the prediction API reads besides."""

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = None
    """Where predictions are kept; left out, a SQLite file that lives as long as the machine."""
    database_pool_size: int = Field(default=10, ge=1, le=200)
    """Connections that one process keeps."""
    database_timeout_seconds: float = Field(default=3, gt=0, le=60)
    """How long the database may take before the answer is 503."""
    migrate_on_start: bool = True
    """Bring the schema up to date before the first request; off, `migrate` has to be run."""
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] | None = None
    """Where repeated inputs are remembered for all replicas; left out, in each one's memory."""
    cache_timeout_milliseconds: int = Field(default=50, ge=1, le=1000)
    """How long Redis may take before we do without."""
    cache_seconds: int = Field(default=3600, ge=1)
    """How long an input is remembered."""
    cache_entries: int = Field(default=10_000, ge=0)
    """Inputs that the memory of one process remembers."""
    cache_required: bool = False
    """Whether a replica that cannot reach Redis leaves the rotation."""


class GatewaySettings(Settings):
    """What the order platform's gateway reads besides."""

    orders_url: HttpUrlText = "http://localhost:8001"
    """Where the orders service is."""
    payments_url: HttpUrlText = "http://localhost:8002"
    """Where the payments service is."""
    stock_url: HttpUrlText = "http://localhost:8003"
    """Where the stock service is."""
    k_service: str | None = None
    """Set by Cloud Run, which asks callers of a private service for an identity token."""
    backend_seconds: float = Field(default=10, gt=0, le=300)
    """How long a backend may take to answer."""
    backend_health_seconds: float = Field(default=2, gt=0, le=30)
    """How long all backends together may take to say how they are."""
