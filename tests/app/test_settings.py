import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import SERVICES, main
from app.settings import ApiSettings, GatewaySettings, Settings, SettingsError
from tests.app.servers import ROOT
from tests.app.services import running


def test_without_any_variable_the_defaults_hold() -> None:
    settings = ApiSettings.load()
    assert settings.environment == "development"
    assert settings.port is None
    assert settings.database_url is None
    assert settings.max_body_bytes == 1024 * 1024
    assert {name: service.port for name, service in SERVICES.items()} == {
        "serve": 8000,
        "gateway": 8000,
        "orders": 8001,
        "payments": 8002,
        "stock": 8003,
    }


def test_a_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("CACHE_SECONDS", "5")
    settings = ApiSettings.load()
    assert (settings.environment, settings.log_level, settings.cache_seconds) == ("production", "DEBUG", 5)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("PORT", "")
    assert ApiSettings.load().redis_url is None
    assert ApiSettings.load().port is None


@pytest.mark.parametrize("settings", [Settings, ApiSettings, GatewaySettings])
def test_every_variable_can_be_given_as_a_file(
    settings: type[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {
        "environment": "staging",
        "log_level": "ERROR",
        "migrate_on_start": "false",
        "cache_required": "true",
        "database_url": "postgresql://me:hush@db/flights",
        "redis_url": "rediss://:hush@cache:6380/0",
    }
    for name in settings.model_fields:
        value = values.get(name) or ("http://there:1" if name.endswith(("_url", "_endpoint")) else "7")
        if name == "max_body_bytes":
            value = "2048"
        if name == "host":
            value = "127.0.0.1"
        file = tmp_path / name
        file.write_text(f"{value}\n")
        monkeypatch.setenv(f"{name.upper()}_FILE", str(file))
    loaded = settings.load()
    defaults = settings.model_construct()
    assert [name for name in settings.model_fields if getattr(loaded, name) == getattr(defaults, name)] == []


def test_a_variable_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://a")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "x"))
    with pytest.raises(SettingsError, match=r"^REDIS_URL_FILE: REDIS_URL is set too; set one of them$"):
        ApiSettings.load()


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("PORT", "0", "PORT: Input should be greater than or equal to 1"),
        ("PORT", "http", "PORT: Input should be a valid integer, unable to parse string as an integer"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("DRAIN_SECONDS", "-1", "DRAIN_SECONDS: Input should be greater than or equal to 0"),
        ("REDIS_URL", "cache:hush", "REDIS_URL: Value error, must be a URL that starts with redis:// or"),
        ("DATABASE_URL", "mysql://me:hush@db/x", "DATABASE_URL: Value error, must be a URL that starts with"),
        ("DATABASE_URL_FILE", "/no/such/file", "DATABASE_URL_FILE: cannot read /no/such/file: FileNotFound"),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "collector:4317",
            "OTEL_EXPORTER_OTLP_ENDPOINT: Value error, must be",
        ),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line_that_repeats_no_secret(
    variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    captured = capsys.readouterr()
    assert ended.value.code == 2
    assert captured.err.startswith(f"airfield-api: {line}")
    assert captured.err.count("\n") == 1
    assert "hush" not in captured.err


def test_all_wrong_values_are_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("WORKERS", "none")
    with pytest.raises(SystemExit):
        main(["orders"])
    assert [line.split(":")[1] for line in capsys.readouterr().err.splitlines()] == [" PORT", " WORKERS"]


def test_a_wrong_value_ends_the_real_process_without_a_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve"],
        cwd=ROOT,
        env={"REDIS_URL": "nonsense", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(r"airfield-api: REDIS_URL: .*\n", ended.stderr)


def test_no_password_reaches_the_log_when_nothing_can_be_reached(tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": "postgresql://me:hush-hush@127.0.0.1:1/flights",
        "REDIS_URL": "redis://:hush-hush@127.0.0.1:1/0",
        "LOG_LEVEL": "DEBUG",
    }
    with running("serve", environment, tmp_path / "log") as api:
        api.wait_for("/health")
        api.wait_for("/ready", 503)
        assert "hush-hush" not in api.log()


def test_the_example_file_lists_every_variable_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = dict(re.findall(r"^#([A-Z_]+)=(\S*)", text, flags=re.MULTILINE))
    fields = {**ApiSettings.model_fields, **GatewaySettings.model_fields}
    assert listed.keys() == {name.upper() for name in fields}
    for name, field in fields.items():
        if field.default is not None:
            assert listed[name.upper()].lower() == str(field.default).lower(), name
