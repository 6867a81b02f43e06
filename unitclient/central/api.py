"""The HTTP application: the routes of the `api_` modules, and problems for every refusal."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from unitclient.central import api_certificates, api_desk, api_intake, api_pen, api_practice, api_reading
from unitclient.central.edge import Edge
from unitclient.central.problems import PROBLEMS, ProblemError
from unitclient.central.state import State
from unitclient.central.wire import Problem
from unitclient.errors import UserError
from unitclient.sync.protocol import API_VERSION, PROBLEM_TYPE

_ROUTERS = (
    api_intake.router,
    api_reading.router,
    api_pen.router,
    api_practice.router,
    api_desk.router,
    api_certificates.router,
)


def make_app(state: State) -> FastAPI:
    """The application of one centre, without the outer layer (see `serve_app`)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        state.worker.start()
        try:
            yield
        finally:
            state.worker.stop()

    app = FastAPI(
        title="unitclient central service",
        version=API_VERSION,
        summary="Declarations of employer units: intake, decisions, bills, feed",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={"default": {"model": Problem, "description": "A problem (RFC 9457)"}},
    )
    app.state.centre = state
    for router in _ROUTERS:
        app.include_router(router)
    _handle_problems(app)
    _name_problem_codes(app)
    return app


def serve_app(state: State) -> Edge:
    """The application as it is served."""
    return Edge(make_app(state), state.core.clock, state.faults)


def problem_response(request: Request, problem: ProblemError) -> JSONResponse:
    """A problem as an answer."""
    body = problem.body(str(request.state.request_id))
    headers = {} if problem.retry_after_s is None else {"Retry-After": str(problem.retry_after_s)}
    return JSONResponse(body, problem.status, headers, PROBLEM_TYPE)


def _handle_problems(app: FastAPI) -> None:
    @app.exception_handler(ProblemError)
    async def refused(request: Request, problem: ProblemError) -> JSONResponse:
        return problem_response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> JSONResponse:
        broken = any(found["type"] == "json_invalid" for found in error.errors())
        detail = "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors())
        return problem_response(request, ProblemError("malformed-json" if broken else "schema-invalid", detail))

    @app.exception_handler(UserError)
    async def wrong(request: Request, error: UserError) -> JSONResponse:
        findings = [{"code": error.code, "params": error.params}]
        return problem_response(request, ProblemError("schema-invalid", error.code, findings=findings))

    @app.exception_handler(UnicodeEncodeError)
    async def half(request: Request, _: UnicodeEncodeError) -> JSONResponse:
        # JSON can say halves of surrogate pairs; neither the database nor a signature takes them, wherever they stood.
        return problem_response(request, ProblemError("schema-invalid", "a text with half a character"))

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 405:
            answer = problem_response(request, ProblemError("method-not-allowed"))
            answer.headers["Allow"] = ", ".join(sorted(_allowed(request.url.path)))
            return answer
        return problem_response(request, ProblemError("not-found" if error.status_code == 404 else "malformed-json"))

    @app.exception_handler(sqlite3.OperationalError)
    async def stuck(request: Request, error: sqlite3.OperationalError) -> JSONResponse:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        return problem_response(request, ProblemError("storage-full" if full else "intake-full", retry_after_s=5))

    @app.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> JSONResponse:
        return problem_response(request, ProblemError("internal", retry_after_s=5))


def _allowed(path: str) -> set[str]:
    """All methods of all routes that have this path: each route by itself knows only its own."""
    routes = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}


def _tell_problems(responses: dict[str, Any]) -> None:
    """Refusals of every status are problems; FastAPI documents a 422 and a media type that are never sent."""
    responses.pop("422", None)
    content = responses["default"]["content"]
    content[PROBLEM_TYPE] = content.pop("application/json", None) or content[PROBLEM_TYPE]


def _name_problem_codes(app: FastAPI) -> None:
    """Put every problem code into the OpenAPI document, and what refusals really are in place of FastAPI's own."""
    plain = app.openapi

    def with_codes() -> dict[str, Any]:
        document = plain()
        schemas = document["components"]["schemas"]
        schemas["Problem"]["properties"]["code"]["enum"] = sorted(PROBLEMS)
        for own in ("HTTPValidationError", "ValidationError"):
            schemas.pop(own, None)
        for methods in document["paths"].values():
            for operation in methods.values():
                _tell_problems(operation["responses"])
        return document

    app.openapi = with_codes  # type: ignore[method-assign]  # the documented way to change the document
