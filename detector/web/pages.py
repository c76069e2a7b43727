"""The pages for people: hand in, wait, read. Templates escape whatever they show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from detector.errors import BadInput, DetectorError
from detector.render import Way, page_of_file
from detector.render.page import page_policy, style_text
from detector.version import __version__
from detector.web.desk import ENDINGS, LARGEST_FILE, LONGEST_TEXT, Desk, Handed, Job
from detector.web.guard import COOKIE, Access

# Characters of UTF-8 have up to four bytes.
_LARGEST_FIELD = 4 * LONGEST_TEXT
_MOST_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes the pages.

    Attributes:
        desk: examines.
        access: who may come in.
        templates: with everything escaped.
    """

    desk: Desk
    access: Access
    templates: Environment

    def html(self, name: str, status: int = 200, **values: object) -> HTMLResponse:
        """Fill a template."""
        shown = self.templates.get_template(name).render(
            version=__version__, locked=self.access.token is not None, **values
        )
        return HTMLResponse(shown, status)

    def form(self, status: int = 200, fault: str = "", given: FormData | None = None) -> Response:
        """Return the page where articles are handed in, with what was given when it was refused."""
        fields = {name: value for name, value in (given or {}).items() if isinstance(value, str)}
        return self.html(
            "form.html",
            status,
            fault=fault,
            given=fields,
            indexes=self.desk.sizes(),
            can_fetch=self.desk.can_fetch,
            key=self.access.form_key,
            endings=",".join(ENDINGS),
            megabytes=LARGEST_FILE // 1_000_000,
        )

    async def taken(self, request: Request) -> Response:
        """Take what a form handed in, and lead to where it can be waited for."""
        form = await request.form(
            max_files=2, max_fields=_MOST_FIELDS, max_part_size=_LARGEST_FIELD
        )
        if not self.access.is_form_of_ours(form.get("key")):
            fault = "this form was made before the server started: hand it in again"
            return self.form(403, fault, form)
        try:
            job = await self._job(form)
        except DetectorError as error:
            return self.form(422, str(error), form)
        return RedirectResponse(f"/jobs/{job.id}", 303)

    async def _job(self, form: FormData) -> Job:
        text = _field(form, "source")
        source = Handed.pasted(text) if text.strip() else None
        index = _field(form, "index") or None
        upload = form.get("file")
        article = _field(form, "article")
        if isinstance(upload, UploadFile) and upload.filename:
            if article.strip():
                raise BadInput("an article was pasted and a file chosen: hand in one of them")
            content = await upload.read()
            return await run_in_threadpool(
                self.desk.take_file, upload.filename, content, source, index
            )
        handed = Handed.pasted(article, _field(form, "title"), _field(form, "published"))
        return self.desk.take(handed, source, index)

    def read(self, job: Job) -> Response:
        """Return the report of what is done."""
        ways = [
            Way("Examine another", "/"),
            Way("Download JSON", f"/jobs/{job.id}/json"),
            Way("Download page", f"/jobs/{job.id}/page"),
        ]
        if self.access.token is not None:
            ways.append(Way("Log out", "/logout"))
        policy = f"{page_policy()}; frame-ancestors 'none'"
        content = "".join(page_of_file(job.results, ways, name=job.name))
        return HTMLResponse(content, headers={"content-security-policy": policy})

    def entered(self, given: str) -> Response:
        """Let in whoever gives the token."""
        if not self.access.knows_token(given.strip()):
            return self.html("login.html", 403, fault="This is not the token.")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self.access.session, httponly=True, samesite="strict")
        return answer


def _field(form: Mapping[str, UploadFile | str], name: str) -> str:
    value = form.get(name)
    # a browser sends line ends as CR LF; the text is what was pasted
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def asset(name: str) -> str:
    """Return a file that the pages load."""
    return files("detector.web").joinpath("assets", name).read_text(encoding="utf8")


def pages_of(desk: Desk, access: Access) -> APIRouter:
    """Return the addresses for people."""
    templates = Environment(
        loader=PackageLoader("detector.web"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
    )
    pages = Pages(desk, access, templates)
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def front() -> Response:
        return pages.form()

    @router.post("/examine")
    async def examine(request: Request) -> Response:
        return await pages.taken(request)

    @router.get("/jobs/{id}")
    def wait(id: str) -> Response:
        job = desk.job(id)
        if job.state == "done":
            return RedirectResponse(f"/jobs/{id}/report", 303)
        return pages.html("job.html", job=job)

    @router.get("/jobs/{id}/report")
    def report(id: str) -> Response:
        job = desk.job(id)
        return pages.read(job) if job.state == "done" else RedirectResponse(f"/jobs/{id}", 303)

    _downloads(router, desk)
    _doors(router, pages)
    return router


def _downloads(router: APIRouter, desk: Desk) -> None:
    @router.get("/jobs/{id}/json")
    def download(id: str) -> Response:
        job = desk.job(id)
        if job.state != "done":
            return RedirectResponse(f"/jobs/{id}", 303)
        if job.total != 1:
            return FileResponse(job.results, media_type="application/jsonl", filename="found.jsonl")
        shown = json.dumps(json.loads(job.results.read_bytes()), indent=1, ensure_ascii=False)
        return _attached(shown, "report.json", "application/json")

    @router.get("/jobs/{id}/page")
    def page(id: str) -> Response:
        job = desk.job(id)
        if job.state != "done":
            return RedirectResponse(f"/jobs/{id}", 303)
        return _attached(
            "".join(page_of_file(job.results, name=job.name)), "report.html", "text/html"
        )

    @router.get("/style.css")
    def style() -> Response:
        return Response(style_text() + asset("desk.css"), media_type="text/css")

    @router.get("/desk.js")
    def script() -> Response:
        return Response(asset("desk.js"), media_type="text/javascript")


def _attached(content: str, name: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode("utf8", "backslashreplace"), media_type=kind, headers=headers)


def _doors(router: APIRouter, pages: Pages) -> None:
    @router.get("/login")
    def login() -> Response:
        return pages.html("login.html", fault="")

    @router.post("/login")
    async def enter(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=2, max_part_size=4_096)
        return pages.entered(_field(form, "token"))

    @router.get("/logout")
    def logout() -> Response:
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer
