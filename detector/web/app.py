"""The application: pages and interface behind the guard, and every fault as one clear line."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from detector.errors import DetectorError
from detector.version import __version__
from detector.web.api import api_of
from detector.web.desk import LARGEST_FILE, Busy, Desk, Unknown
from detector.web.guard import Access, Guard, TooLarge
from detector.web.pages import pages_of

# A file, and the fields of the form around it.
LARGEST_REQUEST = LARGEST_FILE + 10_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_ABOUT = (
    "Finds the source a news article was made from, and shows the evidence. The findings are "
    "evidence for a person to weigh, with places in the text (character offsets); they are no "
    "judgment of guilt."
)


def application(desk: Desk, access: Access) -> FastAPI:
    """Return the application, for any ASGI server."""
    app = FastAPI(
        title="derivative-detector",
        version=__version__,
        description=_ABOUT,
        openapi_url="/api",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
    )
    app.include_router(api_of(desk))
    app.include_router(pages_of(desk, access))
    app.add_exception_handler(DetectorError, _told)
    app.add_exception_handler(RequestValidationError, _not_as_expected)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(TooLarge, _too_large)
    app.add_middleware(Guard, access=access)
    return app


async def _told(request: Request, error: Exception) -> Response:
    """Say what this library says; a person asking for a page gets the same line."""
    status = 503 if isinstance(error, Busy) else 404 if isinstance(error, Unknown) else 422
    headers = {"retry-after": "30"} if status == 503 else None
    return JSONResponse({"error": str(error)}, status, headers)


async def _not_as_expected(request: Request, error: Exception) -> Response:
    """Say which field is wrong, in one line, without repeating what was sent."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    first = faults[0] if faults else {"loc": (), "msg": "not as expected"}
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    return JSONResponse({"error": f"{place or 'body'}: {first['msg']}"[:300]}, 422)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = error.detail if isinstance(error, HTTPException) else "a fault of this program"
    return JSONResponse({"error": str(told)[:300]}, status)


async def _too_large(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 413)
