"""Errors as problem+json (RFC 9457). Knows HTTP, not what went wrong in which business."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from typing_extensions import override

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str = Field(description="Where it stands, as in `body.carrier`.")
    message: str
    known: list[str] | None = Field(default=None, description="What would be right, where it can be listed.")


class Problem(BaseModel):
    """Why a request was not answered as asked."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None


class ProblemError(HTTPException):
    """A request that ends here; everything it says is meant for the caller."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status_code=status, detail=detail, headers=headers)
        self.errors = list(errors)


class ProblemResponse(Response):
    """A Problem on its way."""

    media_type = MEDIA_TYPE

    @override
    def render(self, content: object) -> bytes:
        return content.model_dump_json(exclude_none=True).encode() if isinstance(content, Problem) else b""


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The response that says so; the title is the status's own phrase."""
    title = HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=detail, errors=list(errors) or None)
    return ProblemResponse(problem, status_code=status, headers=headers)


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says about these statuses: each is a Problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status.value: {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def with_problem_schema(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document, with the schema that `documented` refers to."""
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definition.pop("$defs"))
    schemas["Problem"] = definition
    return document


async def _http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    errors = error.errors if isinstance(error, ProblemError) else ()
    phrase = HTTPStatus(error.status_code).phrase
    detail = None if error.detail == phrase else error.detail
    return problem_response(error.status_code, detail, errors=errors, headers=error.headers)


async def _validation_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        # A mistake in the JSON itself has an offset for a place, which is no field.
        FieldError(
            field="body" if found["type"] == "json_invalid" else ".".join(str(part) for part in found["loc"]),
            message=found["msg"],
        )
        for found in error.errors()
    ]
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY, "the request is not as documented", errors=errors
    )


def install_problems(app: FastAPI) -> None:
    """Every error that a route or the routing itself raises becomes a Problem."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
