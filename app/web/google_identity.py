"""Says who calls, where Cloud Run asks callers for an identity token. Knows no backend."""

import time
from collections.abc import Generator
from http import HTTPStatus

import httpx2 as httpx
from typing_extensions import override

TOKEN_URL = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity"  # noqa: S105
"""https://cloud.google.com/run/docs/authenticating/service-to-service"""
TOKEN_HEADER = "X-Serverless-Authorization"  # noqa: S105
"""Read before Authorization, which stays what the first caller said."""
KEPT_SECONDS = 3000.0
"""Less than the hour that a token is good for."""


class GoogleIdentity(httpx.Auth):
    """Adds the service account's identity token for whoever is called, and keeps it as long as it is good."""

    requires_response_body = True

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, float]] = {}

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        audience = f"{request.url.scheme}://{request.url.host}"
        token, good_until = self._tokens.get(audience, ("", 0.0))
        if time.monotonic() >= good_until:
            answer = yield httpx.Request(
                "GET", TOKEN_URL, params={"audience": audience}, headers={"Metadata-Flavor": "Google"}
            )
            if answer.status_code != HTTPStatus.OK:
                raise httpx.ProxyError(f"no identity token for {audience}: {answer.status_code}")
            token = answer.text
            self._tokens[audience] = token, time.monotonic() + KEPT_SECONDS
        request.headers[TOKEN_HEADER] = f"Bearer {token}"
        yield request
