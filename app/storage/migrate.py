"""Brings the schema up to date, however many replicas try at once. Knows the steps' folder, not the steps."""

import asyncio
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.storage.database import Database

log = structlog.get_logger()

ADVISORY_LOCK = 7_083_201_340_118
"""Any number that nobody else uses in the same database."""
RETRY_SECONDS = (0.5, 1, 2, 5)
"""How long to wait after the first, second, … failure; the last is repeated."""


def alembic_config() -> Config:
    """Alembic's settings, without the file that it usually reads them from."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate(database: Database) -> None:
    """Apply what is missing, in one transaction.

    The first replica to come holds a lock until it is done; the others wait, and then find nothing to do.
    Raises whatever the driver raises.
    """
    async with database.engine.begin() as connection:
        if not database.is_sqlite:  # which takes its one write lock with BEGIN
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        await connection.run_sync(_upgrade)


async def migrate_until_done(database: Database) -> None:
    """As `migrate`, again and again while the database is away."""
    attempt = 0
    while True:
        try:
            await migrate(database)
        except (DBAPIError, OSError, TimeoutError) as error:
            seconds = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
            log.warning("migration waits for the database", reason=type(error).__name__, seconds=seconds)
            await asyncio.sleep(seconds)
            attempt += 1
        else:
            log.info("schema is up to date")
            return
