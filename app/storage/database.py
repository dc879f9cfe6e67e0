"""Opens the database that a URL names, whichever kind it is. Knows no table."""

import asyncio
import os
import ssl
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.settings import ApiSettings, SettingsError

SQLITE_BUSY_SECONDS = 10


class StorageUnavailableError(Exception):
    """The database is away, or does not answer in time; a later attempt may succeed."""


def embedded_url() -> str:
    """A SQLite file under the temporary folder, in a folder of this user alone.

    Raises SettingsError if that folder belongs to somebody else.
    """
    folder = Path(tempfile.gettempdir()) / f"airfield-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SettingsError(f"DATABASE_URL: not set, and {folder} belongs to another user")
    return f"sqlite+aiosqlite:///{folder / 'predictions.db'}"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in SQLAlchemy's words, and what goes to the driver beside it."""

    url: URL
    connect_args: Mapping[str, Any]


def _tls(mode: str, root_certificate: str | None) -> ssl.SSLContext | str:
    if mode not in {"verify-ca", "verify-full"}:
        return mode
    context = ssl.create_default_context(cafile=root_certificate)
    context.check_hostname = mode == "verify-full"
    return context


def _first(value: str | tuple[str, ...] | None) -> str | None:
    return value[0] if isinstance(value, tuple) else value


def target_of(url: str, *, timeout_seconds: float) -> Target:
    """What connects there: a plain `postgresql://` URL as every provider gives it, with libpq's `sslmode`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Target(parsed.set(drivername="sqlite+aiosqlite"), {"timeout": SQLITE_BUSY_SECONDS})
    connect_args: dict[str, Any] = {
        "timeout": timeout_seconds,
        "server_settings": {"application_name": "airfield-api"},
    }
    mode, root = _first(parsed.query.get("sslmode")), _first(parsed.query.get("sslrootcert"))
    if mode:
        connect_args["ssl"] = _tls(mode, root)
    stripped = parsed.difference_update_query(["sslmode", "sslrootcert"])
    return Target(stripped.set(drivername="postgresql+asyncpg"), connect_args)


def _serialise_sqlite_writers(engine: AsyncEngine) -> None:
    """One writer after another, also across processes, and no answer that a power cut could undo."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _: object) -> None:  # noqa: ANN401 (the driver's own, which has no type)
        # The driver's own BEGIN comes late and takes no lock; ours below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:  # noqa: ANN401 (as above)
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")


class Database:
    """Connections to one database, none opened before it is asked."""

    def __init__(self, url: str, *, timeout_seconds: float, pool_size: int) -> None:
        target = target_of(url, timeout_seconds=timeout_seconds)
        self._timeout_seconds = timeout_seconds
        self.is_sqlite = target.url.get_backend_name() == "sqlite"
        pool = (
            {}
            if self.is_sqlite
            else {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": timeout_seconds}
        )
        self.engine = create_async_engine(target.url, connect_args=dict(target.connect_args), **pool)
        if self.is_sqlite:
            _serialise_sqlite_writers(self.engine)
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def single_statements(self) -> AsyncGenerator[AsyncConnection]:
        """A connection on which each statement stands for itself: one round trip instead of three."""
        async with self._available(), self._single.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """A connection on which all or nothing happens."""
        async with self._available(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _available(self) -> AsyncGenerator[None]:
        """Turns what a database does when it is away into StorageUnavailableError; our mistakes pass."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                yield
        except (IntegrityError, ProgrammingError, DataError):
            raise
        except (DBAPIError, PoolTimeoutError, OSError, TimeoutError) as error:
            raise StorageUnavailableError(type(error).__name__) from error

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def database_of(settings: ApiSettings) -> Database:
    """The database that the settings name, or the embedded one. Raises SettingsError."""
    url = settings.database_url.get_secret_value() if settings.database_url else embedded_url()
    return Database(
        url, timeout_seconds=settings.database_timeout_seconds, pool_size=settings.database_pool_size
    )
