"""What the probe tells of its findings, and how its command ends."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.main import create_app
from app.settings import ApiSettings
from tests.tools.probe.deployed import Deployed, served
from tests.tools.probe.faults import Faulty
from tests.tools.probe.test_promises import FAULTS
from tools.errors import OperatorError
from tools.probe.command import checked_url, main
from tools.probe.report import as_json, as_markdown
from tools.probe.suite import SMOKE, Finding, visit
from tools.probe.visitor import Visitor


def test_reports_of_two_deployments_that_behave_the_same_are_the_same(
    deployed: Deployed, tmp_path: Path
) -> None:
    other = Faulty(create_app(ApiSettings(database_url=SecretStr(f"sqlite:///{tmp_path / 'p.db'}"))))
    reports: list[tuple[str, object]] = []
    with served(other) as url:
        for address in (deployed.url, url):
            with Visitor(url=address) as visitor:
                findings = list(visit(visitor))
            document = json.loads(as_json(findings, address, visitor.measured))
            assert document["visit"]["url"] == address
            reports.append((as_markdown(findings), document["promises"]))
    assert reports[0] == reports[1]


def test_a_report_shows_what_was_seen() -> None:
    findings = [Finding(name="alive", outcome="kept", why="/health says alive")]
    findings.append(Finding(name="ready", outcome="broken", why="a | b"))
    assert as_markdown(findings).splitlines() == [
        "| promise | outcome | seen |",
        "| --- | --- | --- |",
        "| alive | ✓ kept | /health says alive |",
        "| ready | ✗ broken | a \\| b |",
    ]


def test_after_a_deployment_only_what_shows_it_is_asked() -> None:
    assert [promise.name for promise in SMOKE] == [
        "alive",
        "ready",
        "prediction",
        "stored",
        "request id",
        "TLS redirect",
        "TLS",
    ]


def test_the_command_writes_both_reports_and_succeeds(
    deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("json", "markdown")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    assert main([deployed.url + "/", *options]) == 0
    said = capsys.readouterr()
    assert files["markdown"].read_text() in said.out
    assert said.err == f"{deployed.url}: 18 kept, 3 not asked\n"
    assert {"name": "alive", "outcome": "kept", "why": "/health says alive"} in json.loads(
        files["json"].read_text()
    )["promises"]


def test_the_command_fails_where_a_promise_is_broken(
    deployed: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.application.fault = FAULTS["the server names itself"][0]
    assert main([deployed.url]) == 1
    assert "| quiet headers | ✗ broken | server: uvicorn |" in capsys.readouterr().out


def test_a_drain_command_that_fails_ends_it(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([deployed.url, "--drain-command", "there-is-no-such-program now"]) == 2
    assert capsys.readouterr().err.startswith("error: --drain-command: [Errno 2]")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("api.example.com", "api.example.com: no address to ask; as in https://api.example.com"),
        ("ftp://api.example.com", "ftp://api.example.com: no address to ask; as in https://api.example.com"),
        ("https://", "https://: no address to ask; as in https://api.example.com"),
        ("http://a:99999", "http://a:99999: no address to ask; as in https://api.example.com"),
        (
            "https://a.example/?q=1",
            "https://a.example/?q=1: an address without user, query and fragment is needed",
        ),
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not answer: the connection is refused"),
        ("http://nobody.invalid", "http://nobody.invalid does not answer: its name is not known"),
    ],
)
def test_an_address_that_cannot_be_asked_is_a_line(
    url: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([url]) == 2
    assert capsys.readouterr() == ("", f"error: {line}\n")


def test_a_last_slash_is_no_part_of_the_address() -> None:
    assert checked_url("https://api.example.com/v1/") == "https://api.example.com/v1"
    with pytest.raises(OperatorError, match="without user"):
        checked_url("https://me:secret@api.example.com")
