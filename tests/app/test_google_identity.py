"""On Cloud Run each call of a private service says who calls."""

import asyncio
from http import HTTPStatus

import httpx2 as httpx
import pytest

from app.gateway import create_app
from app.settings import GatewaySettings
from app.web.google_identity import TOKEN_HEADER, GoogleIdentity


class Network:
    """A metadata server, and a service that answers what it was told."""

    def __init__(self, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.status = status
        self.asked: list[str] = []
        self.headers: list[httpx.Headers] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "metadata.google.internal":
            assert request.headers["Metadata-Flavor"] == "Google"
            self.asked.append(request.url.params["audience"])
            return httpx.Response(self.status, text=f"token for {request.url.params['audience']}")
        self.headers.append(request.headers)
        return httpx.Response(HTTPStatus.OK)

    async def call(self, *urls: str) -> None:
        transport = httpx.MockTransport(self.answer)
        async with httpx.AsyncClient(transport=transport, auth=GoogleIdentity()) as client:
            for url in urls:
                await client.get(url, headers={"authorization": "Bearer of the user"})


def test_a_call_carries_the_token_for_whom_it_calls() -> None:
    network = Network()
    asyncio.run(network.call("https://orders.run.app/orders/1?x=1"))
    (headers,) = network.headers
    assert headers[TOKEN_HEADER] == "Bearer token for https://orders.run.app"


def test_what_the_first_caller_said_of_itself_arrives_too() -> None:
    network = Network()
    asyncio.run(network.call("https://orders.run.app/"))
    assert network.headers[0]["authorization"] == "Bearer of the user"


def test_a_token_is_asked_for_once_an_audience() -> None:
    network = Network()
    asyncio.run(network.call("https://a.run.app/1", "https://a.run.app/2", "https://b.run.app/"))
    assert network.asked == ["https://a.run.app", "https://b.run.app"]


def test_a_call_without_a_token_is_not_made() -> None:
    network = Network(HTTPStatus.NOT_FOUND)
    with pytest.raises(httpx.HTTPError, match=r"no identity token for https://a\.run\.app: 404"):
        asyncio.run(network.call("https://a.run.app/"))
    assert network.headers == []


@pytest.mark.parametrize("service", ["gateway", None])
def test_the_gateway_says_who_calls_on_cloud_run_only(
    monkeypatch: pytest.MonkeyPatch, service: str | None
) -> None:
    clients: list[httpx.AsyncClient] = []

    class Client(httpx.AsyncClient):
        def __init__(self, *, timeout: float, auth: httpx.Auth | None) -> None:
            super().__init__(timeout=timeout, auth=auth)
            clients.append(self)

    monkeypatch.setattr(httpx, "AsyncClient", Client)
    create_app(GatewaySettings(k_service=service))
    assert [isinstance(client.auth, GoogleIdentity) for client in clients] == [service is not None]
