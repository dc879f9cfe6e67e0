"""What every answer carries: its id, its headers, TLS. Knows promises, not how they are reported."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2 as httpx

from tools.probe.visitor import UnaskedError, Visitor, expect

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'",
}
"""Each answer's, by what its value begins with."""
TELLTALE = re.compile(r"\d|uvicorn|python|starlette|fastapi", re.IGNORECASE)
TEMPORARY = {HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT}
PERMANENT = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
ID = "x-request-id"


def names_requests(visitor: Visitor) -> str:
    """Each answer carries an id, the caller's own if it gave a sound one."""
    given = "probe-1.a_B"
    back = visitor.get("/health", headers={ID: given}).headers.get(ID)
    expect(back == given, f"a request with the id {given} is answered with {back!r}")
    drawn = [visitor.get("/health").headers.get(ID) for _ in range(2)]
    expect(all(drawn), "an answer has no x-request-id")
    expect(len(set(drawn)) == len(drawn), "two answers have the same x-request-id")
    unsound = visitor.get("/health", headers={ID: "<script>"}).headers.get(ID, "")
    expect(unsound and "<" not in unsound, "an unsound x-request-id is repeated")
    return "x-request-id is the caller's own, else a new one each time; an unsound one is replaced"


def closes_doors(visitor: Visitor) -> str:
    """Security headers, each once, on errors too."""
    for path in ("/health", "/there-is-nothing-here"):
        headers = visitor.get(path).headers
        for name, begins in SECURITY_HEADERS.items():
            values = headers.get_list(name)
            expect(values, f"{path} has no {name}")
            expect(len(values) == 1, f"{path} has {name} {len(values)} times")
            expect(values[0].startswith(begins), f"{path} has {name}: {values[0]}")
    return f"{', '.join(SECURITY_HEADERS)}: once each, on a 404 too"


def keeps_quiet(visitor: Visitor) -> str:
    """No answer says which program makes it."""
    headers = visitor.get("/health").headers
    expect("x-powered-by" not in headers, f"x-powered-by: {headers.get('x-powered-by')}")
    server = headers.get("server", "")
    expect(not TELLTALE.search(server), f"server: {server}")
    return "no header names a program of ours, or a version"


def leads_to_tls(visitor: Visitor) -> str:
    """Plain HTTP leads to the same place with TLS."""
    _only_with_tls(visitor)
    host = urlsplit(visitor.url).hostname or ""
    plain = httpx.URL(scheme="http", host=host, path="/health", query=b"a=1")
    response = visitor.client.get(plain)
    code = response.status_code
    expect(code in TEMPORARY | PERMANENT, f"http://{host}/health answers {code} instead of a redirect")
    there = httpx.URL(response.headers.get("location", ""))
    right = there.scheme == "https" and there.host == host and there.raw_path == b"/health?a=1"
    expect(right, f"http://{host}/health?a=1 leads to {there}")
    return "http:// leads to https://, path and query kept"


def stays_with_tls(visitor: Visitor) -> str:
    """Browsers are told to stay with TLS, and the certificate is one that they trust."""
    _only_with_tls(visitor)
    said = visitor.get("/health").headers.get("strict-transport-security", "")
    expect(re.match(r"max-age=[1-9]", said), f"strict-transport-security is {said or 'missing'}")
    return "the certificate is trusted, and strict-transport-security sent"


def _only_with_tls(visitor: Visitor) -> None:
    if urlsplit(visitor.url).scheme != "https":
        raise UnaskedError("the URL is plain HTTP")
