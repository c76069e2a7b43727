"""The interface for programs, under ``/api``; its description (OpenAPI) is at ``/api`` itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool

from detector.errors import BadInput
from detector.web.desk import LARGEST_FILE, LONGEST_TEXT, Desk, Handed

# What a file is, by the type that it is sent as; a page of another site can send none of them.
_ENDINGS = {
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/json": ".json",
    "text/html": ".html",
}
_Index = Annotated[str | None, Query(description="name of an index; the first one when absent")]


class ArticleIn(BaseModel):
    """An article: exactly one of text, html and url."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=LONGEST_TEXT, description="kept as it is")
    html: str | None = Field(None, max_length=LONGEST_TEXT, description="a page to extract from")
    url: str | None = Field(None, max_length=8_000, description="a page to fetch")
    title: str | None = Field(None, max_length=2_000, description="headline of a text")
    published: str | None = Field(None, max_length=100, description="date, such as 2025-11-14")

    @model_validator(mode="after")
    def _one_of_three(self) -> ArticleIn:
        if sum(part is not None for part in (self.text, self.html, self.url)) != 1:
            raise ValueError("give exactly one of text, html and url")
        return self

    def handed(self) -> Handed:
        """Return it as the desk takes it."""
        if self.url is not None:
            return Handed(self.url, "url")
        if self.html is not None:
            return Handed(self.html, "html")
        return Handed(self.text or "", "text", self.title, self.published)


class Question(BaseModel):
    """An article to examine, against an index or against the source that it is supposed to have."""

    model_config = ConfigDict(extra="forbid")

    article: ArticleIn
    source: ArticleIn | None = Field(None, description="the supposed source; without it, an index")
    index: str | None = Field(None, max_length=200, description="name of an index")
    with_text: bool = Field(False, description="carry the texts that the places are in")


class IndexOut(BaseModel):
    """An index that articles can be compared with."""

    name: str
    sources: int


class JobOut(BaseModel):
    """How far a question is."""

    id: str
    name: str
    state: str = Field(description="waiting, running, done or failed")
    step: str = Field(description="what is being done, or what went wrong")
    done: int = Field(description="articles that are examined")
    total: int | None = Field(description="articles there are, once known")


class Fault(BaseModel):
    """What went wrong, in one line."""

    error: str


_FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault, "description": meaning}
    for status, meaning in (
        (401, "no token, or a wrong one"),
        (403, "sent by another site's page"),
        (404, "not kept here, or no longer"),
        (413, "more was sent than is read"),
        (422, "what was sent holds no article, or not as expected"),
        (503, "too much is waiting; ask again later"),
    )
}


def api_of(desk: Desk) -> APIRouter:
    """Return the addresses under ``/api``."""
    api = APIRouter(prefix="/api", responses=_FAULTS)

    @api.get("/indexes", summary="The indexes that articles can be compared with")
    def indexes() -> list[IndexOut]:
        return [IndexOut(name=name, sources=size) for name, size in desk.sizes().items()]

    @api.post("/score", summary="Examine one article and wait for the report")
    async def score(question: Question) -> dict[str, Any]:
        source = question.source.handed() if question.source else None
        article, index = question.article.handed(), question.index
        report = await run_in_threadpool(desk.report, article, source, index)
        return dict(report.to_dict(with_text=question.with_text))

    _add_jobs(api, desk)
    return api


def _add_jobs(api: APIRouter, desk: Desk) -> None:
    """Add the addresses of questions that are answered in their turn."""

    @api.post("/jobs", status_code=202, summary="Hand in one article, to be examined in its turn")
    def hand_in(question: Question) -> JobOut:
        source = question.source.handed() if question.source else None
        return _out(desk.take(question.article.handed(), source, question.index).to_dict())

    @api.post(
        "/files",
        status_code=202,
        summary=f"Hand in a file of articles (at most {LARGEST_FILE:,} bytes)",
        openapi_extra={"requestBody": {"content": {kind: {} for kind in _ENDINGS}}},
    )
    async def hand_in_file(request: Request, index: _Index = None) -> JobOut:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _ENDINGS:
            raise BadInput(f"{kind[:80]!r} is no type of a file here: send {', '.join(_ENDINGS)}")
        content = await request.body()
        return _out(desk.take_file(f"file{_ENDINGS[kind]}", content, None, index).to_dict())

    @api.get("/jobs/{id}", summary="How far a question is")
    def progress(id: str) -> JobOut:
        return _out(desk.job(id).to_dict())

    @api.get("/jobs/{id}/results", summary="Its reports, as JSON lines", response_class=Response)
    def results(id: str) -> Response:
        job = desk.job(id)
        if job.state != "done":
            return JSONResponse({"error": f"not done yet: {job.step}"}, 409)
        return FileResponse(job.results, media_type="application/jsonl", filename="found.jsonl")


def _out(job: dict[str, str | int | None]) -> JobOut:
    return JobOut.model_validate(job)
