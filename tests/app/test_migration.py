import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, text

from app.cli import main
from app.settings import ApiSettings
from app.storage.database import Database
from app.storage.migrate import alembic_config, migrate
from app.storage.tables import metadata
from tests.app.servers import free_port


def with_database(url: str, work: Callable[[Database], Any]) -> Any:  # noqa: ANN401 (whatever the work gives)
    async def run() -> Any:  # noqa: ANN401 (as above)
        database = Database(url, timeout_seconds=10, pool_size=5)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def test_the_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async def work(database: Database) -> list[Any]:
        await migrate(database)
        async with database.engine.connect() as connection:
            return await connection.run_sync(differences)

    assert with_database(database_url, work) == []


def test_eight_migrations_at_once_do_the_work_once(database_url: str) -> None:
    async def work(_: Database) -> list[str]:
        databases = [Database(database_url, timeout_seconds=10, pool_size=1) for _ in range(8)]
        outcomes = await asyncio.gather(
            *(migrate(database) for database in databases), return_exceptions=True
        )
        assert outcomes == [None] * len(databases)
        async with databases[0].engine.connect() as connection:
            versions = [
                row[0] for row in await connection.execute(text("SELECT version_num FROM alembic_version"))
            ]
        for database in databases:
            await database.close()
        return versions

    assert with_database(database_url, work) == ["0001"]


def test_a_migration_can_be_taken_back(database_url: str) -> None:
    def take_back(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        downgrade(config, "base")

    async def work(database: Database) -> None:
        await migrate(database)
        async with database.engine.begin() as connection:
            await connection.run_sync(take_back)
        await migrate(database)

    with_database(database_url, work)


def test_the_migrate_command_ends_well_and_may_be_repeated(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    main(["migrate"])
    main(["migrate"])


def test_the_migrate_command_says_that_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.MIGRATION_PATIENCE_SECONDS", 0.2)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:hush@127.0.0.1:{free_port()}/gone")
    with pytest.raises(SystemExit) as ended:
        main(["migrate"])
    captured = capsys.readouterr()
    assert ended.value.code == 2
    assert captured.err == "airfield-api: DATABASE_URL: no answer for 0.2 s\n"
    assert "hush" not in captured.out


def test_every_migration_names_the_one_before(tmp_path: Path) -> None:
    assert ApiSettings(database_url=SecretStr(f"sqlite:///{tmp_path}/x.db")).migrate_on_start
    files = sorted(
        (Path(alembic_config().get_main_option("script_location") or "") / "versions").glob("0*.py")
    )
    numbers = [file.name[:4] for file in files]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
