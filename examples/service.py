"""A service around one shared analyzer, with the limits that such a service needs.

    uvicorn --app-dir examples service:app

    POST /assess        {"text": "…"}  ->  an assessment (the form of `ruminate schema`)
    POST /assess/html   {"text": "…"}  ->  the same for a person, as HTML
    GET  /schema, GET /health

A text is never logged, stored, or put into an error. Put it behind TLS and your own sign-in.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
from anyio import to_thread
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse

from ruminate import Analyzer, Assessment
from ruminate.render import html
from ruminate.schema import json_schema

MOST_BYTES: Final = 256 * 1024
"""Larger bodies are refused while they are being read, not after."""
MOST_CHARACTERS: Final = 50_000
"""About thirty pages; assessing that many takes some tens of milliseconds."""
AT_ONCE: Final = 4
"""Texts that are worked on at once: more threads than cores only take turns."""
MOST_WAITING: Final = 64
"""When so many wait, the next are told to come back later."""
LONGEST_WAIT: Final = 10.0
"""Seconds."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the analyzer and let it read one text before the first request: patterns are compiled then."""
    app.state.analyzer = Analyzer()
    app.state.analyzer.assess("Warm up.")
    app.state.limiter = anyio.CapacityLimiter(AT_ONCE)
    app.state.waiting = 0
    yield


app = FastAPI(title="ruminate", lifespan=lifespan)


async def read_text(request: Request) -> str:
    """The text of a request, within the limits."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_BYTES} bytes")
    try:
        text = json.loads(body)["text"]
    except (ValueError, KeyError, TypeError):
        raise HTTPException(422, 'a JSON object with a "text" is needed') from None
    if not isinstance(text, str):
        raise HTTPException(422, '"text" must be a string')
    if len(text) > MOST_CHARACTERS:
        raise HTTPException(413, f"the text is longer than {MOST_CHARACTERS} characters")
    return text


async def assess(request: Request, text: str) -> Assessment:
    """Assess in a thread, so that the event loop stays free; refuse when too many wait, or one waits too long."""
    state = request.app.state
    if state.waiting >= MOST_WAITING:
        raise HTTPException(503, "busy; try again shortly", headers={"Retry-After": "1"})
    state.waiting += 1
    try:
        with anyio.fail_after(LONGEST_WAIT):
            return await to_thread.run_sync(state.analyzer.assess, text, limiter=state.limiter, abandon_on_cancel=True)
    except TimeoutError:
        raise HTTPException(503, "busy; try again shortly", headers={"Retry-After": "5"}) from None
    finally:
        state.waiting -= 1


@app.post("/assess")
async def post_assess(request: Request) -> JSONResponse:
    """An assessment as JSON."""
    return JSONResponse((await assess(request, await read_text(request))).to_dict(), headers={"Cache-Control": "no-store"})


@app.post("/assess/html")
async def post_html(request: Request) -> HTMLResponse:
    """An assessment for a person."""
    text = await read_text(request)
    return HTMLResponse(html(await assess(request, text), text, page=True), headers={"Cache-Control": "no-store"})


@app.get("/schema")
async def get_schema() -> dict[str, Any]:
    """The JSON Schema of what /assess answers."""
    return json_schema()


@app.get("/health")
async def get_health(request: Request) -> dict[str, Any]:
    """Whether it is up, and what decides."""
    return {"ok": True, "decided_by": request.app.state.analyzer.scorer.name}
