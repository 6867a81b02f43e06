"""The outermost layer: request ids, the service's time on every answer, and faults on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from unitclient.central.faults import Faults
from unitclient.central.numbers import instant, uuid7
from unitclient.clock import Clock
from unitclient.sync.protocol import SERVICE_TIME_HEADER

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Edge:
    """Wraps the application (ASGI)."""

    def __init__(self, app: App, clock: Clock, faults: Faults) -> None:
        self._app = app
        self._clock = clock
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope) or uuid7(self._clock.now())
        scope.setdefault("state", {})["request_id"] = request_id
        if self._faults.plan.delay_ms:
            await asyncio.sleep(self._faults.plan.delay_ms / 1000)

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                if _is_submission(scope) and message["status"] in (200, 201) and self._faults.take_drop():
                    scope["state"]["dropped"] = True
                    cut(send)
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"request-id", request_id.encode("latin-1")),
                    (SERVICE_TIME_HEADER.lower().encode(), instant(self._clock.now()).encode()),
                ]
            if not scope["state"].get("dropped"):
                await send(message)

        await self._app(scope, receive, finish)


def cut(send: Send) -> None:
    """Cut the connection of a request, as a broken line does: the client gets no byte of the answer.

    uvicorn's `send` is a method of the request's cycle, which holds the transport; there is no official way.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()


def _is_submission(scope: Scope) -> bool:
    return scope["method"] == "PUT" and "/submissions/" in scope["path"]


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"request-id" and len(value) <= 100 and value.isascii():
            return str(value.decode("ascii"))
    return ""
