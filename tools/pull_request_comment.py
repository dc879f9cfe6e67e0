"""Keeps one comment of a pull request up to date. Sends text, and runs none of it; needs Python alone.

It runs in a job that may write, after one that ran a stranger's code: what that one left is not trusted, so
the pull request is found by what GitHub itself says of the run, and must be at the planned commit still.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "<!-- airfield plan -->"
"""Begins the comment, so that it is found again; a plan begins so by itself."""
AUTHOR = "github-actions[bot]"
"""Who the job's token writes as."""
MAX_CHARACTERS = 65_536
"""https://github.com/orgs/community/discussions/27190"""
CUT = "\n\n… cut: the whole plan is the artifact `plan` of the run.\n"
TIMEOUT_SECONDS = 30
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What GitHub says of the run that planned."""

    api: str
    repository: str
    token: str
    head_owner: str
    head_branch: str
    head_sha: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Run":
        """From the job's environment."""
        return cls(
            api=environment.get("GITHUB_API_URL", "https://api.github.com"),
            repository=environment["GITHUB_REPOSITORY"],
            token=environment["GITHUB_TOKEN"],
            head_owner=environment["HEAD_OWNER"],
            head_branch=environment["HEAD_BRANCH"],
            head_sha=environment["HEAD_SHA"],
        )

    def ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  JSON
        """What GitHub answers."""
        request = urllib.request.Request(  # noqa: S310 (GitHub's own address)
            f"{self.api}/repos/{self.repository}/{path}",
            data=json.dumps(body).encode() if body else None,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 (as above)
            return json.load(response)


def comment_on(run: Run, text: str) -> str:
    """Write or rewrite the comment; what was done, in a line."""
    number = _pull_request(run)
    if number is None:
        return "no open pull request is at the commit that was planned: nothing is said"
    body = {"body": within_limit(text if text.startswith(MARK) else f"{MARK}\n{text}")}
    earlier = _earlier(run, number)
    if earlier is None:
        run.ask("POST", f"issues/{number}/comments", body)
        return f"commented on #{number}"
    run.ask("PATCH", f"issues/comments/{earlier}", body)
    return f"the comment on #{number} is up to date"


def within_limit(text: str) -> str:
    """As much as a comment takes."""
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - len(CUT)] + CUT


def _pull_request(run: Run) -> int | None:
    head = urllib.parse.quote(f"{run.head_owner}:{run.head_branch}", safe="")
    found = run.ask("GET", f"pulls?state=open&head={head}")
    return next((each["number"] for each in found if each["head"]["sha"] == run.head_sha), None)


def _earlier(run: Run, number: int) -> int | None:
    page, found = 1, [None]
    while found:
        found = run.ask("GET", f"issues/{number}/comments?per_page={PAGE}&page={page}")
        for each in found:
            if each["user"]["login"] == AUTHOR and each["body"].startswith(MARK):
                return each["id"]
        page += 1
    return None


def main(path: str) -> int:
    """Comment with what the file holds."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    try:
        print(comment_on(Run.of(os.environ), text))  # noqa: T201 (the job's log)
    except KeyError as missing:
        print(f"error: {missing.args[0]} is not set", file=sys.stderr)  # noqa: T201 (as above)
        return 1
    except urllib.error.HTTPError as error:
        print(f"error: GitHub answers {error.code} to {error.url}", file=sys.stderr)  # noqa: T201 (as above)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
