"""One comment is kept up to date on the pull request that was planned, and on no other."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.synth import ROOT
from tools.pull_request_comment import AUTHOR, MARK, MAX_CHARACTERS, main, within_limit

PULLS = "/repos/acme/airfield/pulls?state=open&head=stranger%3Afix%2Fit"
COMMENTS = "/repos/acme/airfield/issues/7/comments"
PLANNED = "a" * 40


@dataclass
class GitHub:
    """Answers what a test puts there, and notes what is written."""

    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    written: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])


def pull(number: int, sha: str = PLANNED) -> dict[str, Any]:
    return {"number": number, "head": {"sha": sha}}


def comment(number: int, body: str, author: str = AUTHOR) -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"login": author}}


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    known = GitHub(answers={PULLS: [pull(7)]})

    class Handler(BaseHTTPRequestHandler):
        def answer(self, found: object) -> None:
            self.send_response(200 if found is not None else 404)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def do_GET(self) -> None:
            assert self.headers["Authorization"] == "Bearer a-token"
            empty: list[object] | None = [] if self.path.startswith(COMMENTS) else None
            self.answer(known.answers.get(self.path, empty))

        def do_POST(self) -> None:
            self.write()

        def do_PATCH(self) -> None:
            self.write()

        def write(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
            known.written.append((self.command, self.path, body))
            self.answer({})

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Not a word."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name, value in {
        "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
        "GITHUB_REPOSITORY": "acme/airfield",
        "GITHUB_TOKEN": "a-token",
        "HEAD_OWNER": "stranger",
        "HEAD_BRANCH": "fix/it",
        "HEAD_SHA": PLANNED,
    }.items():
        monkeypatch.setenv(name, value)
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.md"
    path.write_text("The plan")
    return str(path)


def page(number: int) -> str:
    return f"{COMMENTS}?per_page=100&page={number}"


def test_the_first_plan_is_a_new_comment(github: GitHub, plan: str) -> None:
    assert main(plan) == 0
    assert github.written == [("POST", COMMENTS, f"{MARK}\nThe plan")]


def test_a_plan_that_is_marked_is_not_marked_twice(github: GitHub, plan: str) -> None:
    Path(plan).write_text(f"{MARK}\nThe plan")
    assert main(plan) == 0
    assert github.written == [("POST", COMMENTS, f"{MARK}\nThe plan")]


def test_plans_begin_with_the_mark() -> None:
    for path in ROOT.glob("docs/plan-comments/*.md"):
        assert path.read_text().startswith(MARK)


def test_a_later_plan_takes_its_place(github: GitHub, plan: str) -> None:
    github.answers[page(1)] = [
        comment(1, "A word of a person", "stranger"),
        comment(2, f"{MARK}\nThe old plan"),
    ]
    assert main(plan) == 0
    assert github.written == [
        ("PATCH", "/repos/acme/airfield/issues/comments/2", f"{MARK}\nThe plan"),
    ]


def test_the_comment_is_found_behind_many_others(github: GitHub, plan: str) -> None:
    github.answers[page(1)] = [comment(number, "A word") for number in range(100)]
    github.answers[page(2)] = [comment(500, f"{MARK}\nThe old plan")]
    assert main(plan) == 0
    assert [path for _, path, _ in github.written] == ["/repos/acme/airfield/issues/comments/500"]


def test_somebody_elses_comment_is_never_rewritten(github: GitHub, plan: str) -> None:
    github.answers[page(1)] = [comment(3, f"{MARK}\nMine", "stranger"), comment(4, f"I quote {MARK}")]
    assert main(plan) == 0
    assert [method for method, _, _ in github.written] == ["POST"]


@pytest.mark.parametrize("pulls", [[], [pull(7, "b" * 40)]], ids=["closed", "moved on"])
def test_a_pull_request_that_is_elsewhere_now_gets_no_word(
    github: GitHub, plan: str, pulls: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    github.answers[PULLS] = pulls
    assert main(plan) == 0
    assert github.written == []
    assert capsys.readouterr().out.startswith("no open pull request is at the commit that was planned")


def test_a_plan_that_is_too_long_says_where_the_rest_is() -> None:
    cut = within_limit("x" * (MAX_CHARACTERS + 1))
    assert len(cut) == MAX_CHARACTERS
    assert cut.endswith("the whole plan is the artifact `plan` of the run.\n")
    assert within_limit("x" * MAX_CHARACTERS) == "x" * MAX_CHARACTERS


def test_what_goes_wrong_is_a_line(
    github: GitHub, plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del github.answers[PULLS]
    assert main(plan) == 1
    assert capsys.readouterr().err.startswith("error: GitHub answers 404 to http://127.0.0.1")
    monkeypatch.delenv("HEAD_SHA")
    assert main(plan) == 1
    assert capsys.readouterr().err == "error: HEAD_SHA is not set\n"
