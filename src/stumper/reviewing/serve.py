"""The page's server: loopback and a token by default; whatever a form or a teacher says is taken for hostile."""

import asyncio
import contextlib
import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from stumper.errors import BadInput, StumperError
from stumper.report.wording import visible
from stumper.reviewing import edits
from stumper.reviewing.cards import known, proof
from stumper.reviewing.sittings import Reviewing, Sitting
from stumper.types import Review

MOST_BODY = 200_000
"""Bytes of a form."""
MOST_NAME = 40
MOST_REASON = 1000
MOST_ROWS = 100
"""Of the queue on one page."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def application(sitting: Sitting, token: str, hosts: tuple[str, ...], reviewer: str = "") -> Any:
    """The ASGI application. `hosts`: the names under which it may be asked; `reviewer`: suggested to who opens it."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route

    page = _Page(sitting, token, reviewer)
    return Starlette(
        routes=[
            Route("/", page.open, methods=["GET"]),
            Route("/name", page.name, methods=["POST"]),
            Route("/act", page.act, methods=["POST"]),
            Route("/edit", page.edit, methods=["GET"]),
            Route("/queue", page.queue, methods=["GET"]),
            Route("/progress", page.progress, methods=["GET"]),
            Route("/page.css", page.style, methods=["GET"]),
            Route("/page.js", page.script, methods=["GET"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
    )


class _Session:
    def __init__(self, reviewer: str) -> None:
        self.reviewer = reviewer
        self.proof = secrets.token_urlsafe(16)
        """Stands in each form: a page of another origin does not know it."""
        self.notice = ""
        """Told once, on the next page."""


Handler = Callable[[Any, _Session], Awaitable[Any]]


class _Page:
    def __init__(self, sitting: Sitting, token: str, reviewer: str) -> None:
        self._sitting = sitting
        self._token = token
        self._suggested = reviewer
        self._sessions: dict[str, _Session] = {}
        self._templates = _environment()
        self._cookie = f"stumper-{hashlib.sha256(token.encode()).hexdigest()[:12]}"
        """Browsers send a host's cookies to all its ports: two pages at once need two names."""
        self._aside = ThreadPoolExecutor(1)
        """Draws and proves, one after the other, while the page answers everybody else."""

    async def _think(self, work: Callable[[Any], Any], about: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work, about)

    async def open(self, request: Any) -> Any:
        """The question that is due. With the token in the address: a session, and an address without it."""
        if (token := request.query_params.get("token")) is not None:
            return self._enter(token)
        session = self._session(request)
        if session is None:
            return self._refused()
        if not session.reviewer:
            return self._html("name.html.j2", session, suggested=self._suggested)
        shown = self._sitting.shown(session.reviewer)
        facts = await self._think(known, shown.behind) if shown.behind else None
        return self._html("review.html.j2", session, shown=shown, known=facts)

    async def name(self, request: Any) -> Any:
        session, form = await self._form(request)
        if session is None:
            return self._refused()
        name = " ".join("".join(c for c in form.get("name", "") if c.isprintable()).split())[:MOST_NAME]
        if name:
            session.reviewer = name
        return self._home()

    async def act(self, request: Any) -> Any:
        """Every change: answer, keep, discard, edit, skip, undo. What is wrong is told on the next page."""
        session, form = await self._form(request)
        if session is None or not session.reviewer:
            return self._refused()
        try:
            return await self._act(session, form)
        except BadInput as error:
            session.notice = str(error)
            return self._home()

    async def _act(self, session: _Session, form: Mapping[str, str]) -> Any:
        item, reviewer, act = form.get("item", ""), session.reviewer, form.get("act", "")
        reason = form.get("reason", "").strip()[:MOST_REASON]
        sitting = self._sitting
        if act == "answer":
            sitting.answer(item, reviewer, _choice(form.get("choice", "")))
        elif isinstance(sitting, Reviewing):
            if act in ("keep", "discard"):
                sitting.decide(item, Review(decision=act, reviewer=reviewer, reason=reason))
            elif act == "skip":
                sitting.decisions.skip(item, reviewer)
            elif act == "undo":
                taken = sitting.decisions.undo(reviewer)
                session.notice = f"taken back: {taken}" if taken else "there is nothing to take back"
            elif act in ("prove", "save"):
                return await self._edited(sitting, session, form, reason)
        return self._home()

    async def _edited(self, sitting: Reviewing, session: _Session, form: Mapping[str, str], reason: str) -> Any:
        item = form.get("item", "")
        question = sitting.dossier(item).written.question
        try:
            changed = edits.edited(question, form)
        except BadInput as error:
            return self._editor(session, item, form, str(error))
        said = await self._think(proof, changed)
        if form["act"] == "prove":
            return self._editor(session, item, form, said)
        sitting.decide(item, Review(decision="edit", reviewer=session.reviewer, reason=reason, question=changed))
        session.notice = f"saved {item}; the oracle: {said}"
        return self._home()

    async def edit(self, request: Any) -> Any:
        session = self._session(request)
        if session is None or not isinstance(self._sitting, Reviewing):
            return self._refused()
        shown = self._sitting.shown(session.reviewer)
        if shown.card is None or shown.behind is None:
            return self._home()
        question = shown.behind.written.question
        if len(question.stem) > edits.MOST_EDITED:
            session.notice = "this question is too long to be edited here; keep or discard it"
            return self._home()
        form = {"stem": question.stem, "key": question.key or ""}
        form |= {f"choice{i}": choice for i, choice in enumerate(question.choices)}
        return self._editor(session, shown.card.item, form, "")

    def _editor(self, session: _Session, item: str, form: Mapping[str, str], said: str) -> Any:
        count = sum(name.startswith("choice") for name in form)
        return self._html("edit.html.j2", session, item=item, form=form, letters="ABCDEFGHI"[:count], said=said)

    async def queue(self, request: Any) -> Any:
        session = self._session(request)
        if session is None or not session.reviewer or not isinstance(self._sitting, Reviewing):
            return self._refused()
        said = request.query_params.get("from", "0")
        first = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0
        return self._html(
            "queue.html.j2",
            session,
            places=self._sitting.places(session.reviewer, first, MOST_ROWS),
            first=first,
            step=MOST_ROWS,
            of=len(self._sitting.decisions.queue),
        )

    async def progress(self, request: Any) -> Any:
        session = self._session(request)
        if session is None or not isinstance(self._sitting, Reviewing):
            return self._refused()
        decisions = self._sitting.decisions
        return self._html(
            "progress.html.j2",
            session,
            done=decisions.decided,
            of=len(decisions.queue),
            wanted=decisions.wanted,
            reviewers={who: (n, decisions.pace(who)) for who, n in decisions.by_reviewer().items()},
            agreements=decisions.agreements(),
        )

    async def style(self, request: Any) -> Any:  # noqa: ARG002
        return self._file("page.css", "text/css")

    async def script(self, request: Any) -> Any:  # noqa: ARG002
        return self._file("page.js", "text/javascript")

    def _file(self, name: str, kind: str) -> Any:
        from starlette.responses import Response

        return Response(_asset(name), media_type=kind, headers=HEADERS)

    def _enter(self, token: str) -> Any:
        from starlette.responses import RedirectResponse

        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return self._refused()
        name = secrets.token_urlsafe(24)
        self._sessions[name] = _Session("")
        response = RedirectResponse("/", status_code=303, headers=HEADERS)
        response.set_cookie(self._cookie, name, httponly=True, samesite="strict", path="/")
        return response

    def _session(self, request: Any) -> _Session | None:
        return self._sessions.get(request.cookies.get(self._cookie, ""))

    async def _form(self, request: Any) -> tuple[_Session | None, dict[str, str]]:
        """The session and its form; (None, {}) for a form that this page did not send."""
        session = self._session(request)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BODY:
                return None, {}
        try:
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=64))
        except ValueError:
            return None, {}
        sent = form.pop("proof", "")
        if session is None or not hmac.compare_digest(sent.encode(), session.proof.encode()):
            return None, {}
        return session, form

    def _html(self, name: str, session: _Session, **values: Any) -> Any:
        from starlette.responses import HTMLResponse

        notice, session.notice = session.notice, ""
        text = self._templates.get_template(name).render(
            kind=self._sitting.kind, reviewer=session.reviewer, proof=session.proof, notice=notice, **values
        )
        return HTMLResponse(text.encode("utf-8", "replace"), headers=HEADERS)

    def _home(self) -> Any:
        from starlette.responses import RedirectResponse

        return RedirectResponse("/", status_code=303, headers=HEADERS)

    def _refused(self) -> Any:
        from starlette.responses import PlainTextResponse

        text = "Open the address that `stumper review` printed: it holds the token that lets you in.\n"
        return PlainTextResponse(text, status_code=403, headers=HEADERS)


def _choice(said: str) -> int | None:
    """A button's value: the choice's place, or "none". Raises BadInput for what no button says."""
    if said != "none" and said not in tuple("012345678"):
        raise BadInput("an answer is one of the choices, or none of them")
    return None if said == "none" else int(said)


def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("stumper.reviewing", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        # Controls that turn or hide text are spelled out; in a field that is edited they stay (marked up, they pass).
        finalize=lambda value: visible(value) if type(value) is str else value,
    )


def _asset(name: str) -> bytes:
    from importlib.resources import files

    text = files("stumper.reviewing").joinpath("pages", name).read_bytes()
    return files("stumper.report").joinpath("style.css").read_bytes() + text if name == "page.css" else text


def _is_wildcard(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_unspecified
    return False


def serve(sitting: Sitting, reviewer: str, host: str, port: int, show: Callable[[str], None]) -> None:
    """Serve until the person presses Ctrl-C. `show` is told the address. Raises StumperError without the packages."""
    try:
        import uvicorn
    except ImportError as error:
        raise StumperError(
            "the review page needs starlette and uvicorn: install them with pip install 'stumper[web]', or decide in "
            "the terminal with --terminal"
        ) from error
    token = secrets.token_urlsafe(24)
    if host in ("", "*") or _is_wildcard(host):
        raise BadInput(f"--host {host} names no address; name the one that reviewers will type")
    shown = f"[{host}]" if ":" in host else host
    names = ("127.0.0.1", "localhost", *(() if host in ("127.0.0.1", "localhost") else (host, shown)))
    app = application(sitting, token, names, reviewer)
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise BadInput(f"cannot serve at {shown}:{port} ({error}); name another --port or --host") from error
    with listening:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off")
        )
        show(f"http://{shown}:{listening.getsockname()[1]}/?token={token}")
        with contextlib.suppress(KeyboardInterrupt):  # which is how it is to be ended
            server.run(sockets=[listening])
