"""The three services behind the order platform's gateway: small, stateless, alike. Knows no gateway.

Each serves its part of one fixed example, so that replicas agree without a data store.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, FastAPI, Path
from pydantic import BaseModel, ConfigDict, Field

from app.service import Parts, build_service
from app.settings import Settings
from app.web.metrics import HttpMetrics
from app.web.problems import ProblemError, documented


class Record(BaseModel):
    """One thing that a service knows."""

    model_config = ConfigDict(frozen=True)

    id: str


class Order(Record):
    """What somebody bought."""

    stock_id: str
    quantity: int = Field(ge=1)
    payment_id: str


class Payment(Record):
    """What was paid."""

    amount_cents: int = Field(ge=0)
    currency: str
    state: str


class StockItem(Record):
    """What can be bought."""

    name: str
    quantity: int = Field(ge=0)


ORDERS = (
    Order(id="order-1", stock_id="kettle", quantity=1, payment_id="payment-1"),
    Order(id="order-2", stock_id="teapot", quantity=2, payment_id="payment-2"),
)
PAYMENTS = (
    Payment(id="payment-1", amount_cents=2900, currency="EUR", state="captured"),
    Payment(id="payment-2", amount_cents=7800, currency="EUR", state="authorised"),
)
STOCK = (
    StockItem(id="kettle", name="Kettle, 1 litre", quantity=17),
    StockItem(id="teapot", name="Teapot, stoneware", quantity=4),
)

Kind = TypeVar("Kind", bound=Record)


class CollectionRoutes(Generic[Kind]):
    """A list, and each of its members."""

    def __init__(self, records: Sequence[Kind]) -> None:
        self._records: Mapping[str, Kind] = {record.id: record for record in records}

    async def members(self) -> list[Kind]:
        """All of them."""
        return list(self._records.values())

    async def member(self, record_id: Annotated[str, Path(max_length=64)]) -> Kind:
        """One of them."""
        found = self._records.get(record_id)
        if found is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, "there is nothing with this id")
        return found

    def router(self, path: str, kind: type[Kind]) -> APIRouter:
        """The routes under `path`."""
        router = APIRouter(prefix=path, tags=[path.removeprefix("/")])
        router.add_api_route("", self.members, methods=["GET"], response_model=list[kind], summary="All")
        router.add_api_route(
            "/{record_id}",
            self.member,
            methods=["GET"],
            response_model=kind,
            summary="One",
            responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY),
        )
        return router


def _collection(name: str, records: Sequence[Kind], kind: type[Kind], settings: Settings | None) -> FastAPI:
    router = CollectionRoutes(records).router(f"/{name}", kind)
    parts = Parts(
        name=name, description=f"The order platform's {name}.", routers=[router], metrics=HttpMetrics()
    )
    return build_service(parts, settings or Settings.load())


def create_orders(settings: Settings | None = None) -> FastAPI:
    """The orders service. Raises SettingsError."""
    return _collection("orders", ORDERS, Order, settings)


def create_payments(settings: Settings | None = None) -> FastAPI:
    """The payments service. Raises SettingsError."""
    return _collection("payments", PAYMENTS, Payment, settings)


def create_stock(settings: Settings | None = None) -> FastAPI:
    """The stock service. Raises SettingsError."""
    return _collection("stock", STOCK, StockItem, settings)
