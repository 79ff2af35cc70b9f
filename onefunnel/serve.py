"""The pages on one machine: one static folder over HTTP, read-only, for nobody but who was meant."""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from pathlib import Path

from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.pages.write import FOLDER

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# every page has such a name; what has another (kept/, a half-written file, a dotfile) is not for readers
PAGE = re.compile(rb"/([a-z0-9][a-z0-9-]{0,80}\.(?:html|pdf|png|svg))?")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # a page is written anew by every run, and is for this reader alone
    "Cache-Control": "no-store",
}
NOTHING_YET = "Nothing has been published yet: the pages are here after the first run.\n"


class Guarded:
    """An ASGI app that lets GET and HEAD of a page's plain name through, for a known host, and nothing else."""

    def __init__(self, pages, folder: Path, hosts: frozenset[str]):
        self.pages, self.folder, self.hosts = pages, folder, hosts

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":  # a websocket has nothing to ask here
            return await send({"type": "websocket.close"})
        refused = self._refused(scope)
        return await (refused or self._page)(scope, receive, _with_headers(send))

    def _refused(self, scope):
        from starlette.responses import PlainTextResponse

        hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or _without_port(hosts[0]) not in self.hosts:
            return PlainTextResponse("This name is not served here.\n", status_code=421)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Pages are only read.\n", status_code=405, headers={"Allow": "GET, HEAD"})
        if not PAGE.fullmatch(scope["raw_path"]):
            return PlainTextResponse("There is no such page.\n", status_code=404)
        if scope["raw_path"] == b"/" and not (self.folder / "index.html").is_file():
            return PlainTextResponse(NOTHING_YET, status_code=503)
        return None

    async def _page(self, scope, receive, send):
        from starlette.exceptions import HTTPException
        from starlette.responses import PlainTextResponse

        try:
            await self.pages(scope, receive, send)
        except (HTTPException, RuntimeError, OSError):  # no such file, a link out of the folder, no folder yet
            await PlainTextResponse("There is no such page.\n", status_code=404)(scope, receive, send)


def application(folder: Path, hosts: list[str]) -> Guarded:
    """The app that serves the folder's pages to who asks for one of the hosts (names without port)."""
    from starlette.staticfiles import StaticFiles

    pages = StaticFiles(directory=folder, html=True, check_dir=False, follow_symlink=False)
    return Guarded(pages, folder, frozenset(host.lower() for host in hosts))


def serve(home: Path | None, port: int, bind: str, hosts: str, wait: bool) -> int:
    """The home's pages are served until it is interrupted; Stop where the port is taken or nothing is there yet.

    hosts: further names by which it may be asked for, separated by commas. wait: serve before the first run, too.
    """
    import uvicorn

    place = Home(home.resolve()) if home else Home.from_environment()
    folder = place.root / FOLDER
    if not wait and not (folder / "index.html").is_file():
        raise Stop("nothing_published", f"{folder} has no index.html", "run the pipeline first: make run")
    names = [*LOOPBACK, *(host.strip() for host in hosts.split(",") if host.strip())]
    with _listening(bind, port) as taken:
        config = uvicorn.Config(
            application(folder, names),
            http="h11",
            ws="none",
            server_header=False,
            log_level="warning",
            access_log=False,
        )
        print(
            f"  {folder} is at http://{'127.0.0.1' if bind == '0.0.0.0' else bind}:{port}/ (Ctrl-C ends it)", flush=True
        )
        with suppress(KeyboardInterrupt):  # the way in which it is meant to end
            uvicorn.Server(config).run(sockets=[taken])
    return 0


def _listening(bind: str, port: int) -> socket.socket:
    if not 1 <= port <= 65_535:
        raise Stop("port", f"{port} is no port", "choose one from 1 to 65535")
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((bind, port))
        taken.listen(64)
    except OSError as why:
        taken.close()
        do = "end what listens there, or choose another: make serve PORT=8082"
        raise Stop("port", f"{bind}:{port} cannot be listened on: {os.strerror(why.errno)}", do) from None
    return taken


def _without_port(host: str) -> str:
    """localhost of localhost:8081, [::1] of [::1]:8081."""
    return re.sub(r":\d{1,5}$", "", host)


def _with_headers(send):
    """send, with the headers that every answer has."""

    async def sending(message):
        if message["type"] == "http.response.start":
            ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = message | {"headers": [*message.get("headers", []), *ours]}
        await send(message)

    return sending


async def _lifespan(receive, send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
