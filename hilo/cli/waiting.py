"""The page that a browser finds while Hilo prepares itself for the first time: what it does, and how far."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>Hilo</title>
<style>:root{{color-scheme:light dark;accent-color:#0b6e75;font:1rem/1.5 system-ui,sans-serif}}
main{{max-width:26rem;margin:20vh auto;padding:0 1.5rem}}progress{{width:100%}}</style></head>
<body><main><h1>Hilo</h1><p role="status">{doing}</p>
<progress aria-label="{label}"{value}></progress><p>{rest}</p></main></body></html>
"""


class Progress:
    """What is being done now; ``tell`` hears how much of it is done."""

    def __init__(self) -> None:
        self.doing = _("Preparing Hilo…")
        self.done, self.of = 0, 0

    def begin(self, doing: str) -> None:
        self.doing, self.done, self.of = doing, 0, 0

    def tell(self, done: int, of: int) -> None:
        self.done, self.of = done, of
        if sys.stderr.isatty():
            sys.stderr.write(f"\r  {100 * done // max(of, 1)} %" + ("\n" if done >= of else ""))
            sys.stderr.flush()

    def page(self) -> str:
        value = f' max="{self.of}" value="{self.done}"' if self.of else ""
        return _PAGE.format(
            lang=os.environ.get("LANGUAGE", "es"),
            doing=escape(self.doing),
            label=escape(_("How far it is")),
            value=value,
            rest=escape(_("This page goes on by itself. The people to come in as are in the terminal.")),
        )


@contextmanager
def waiting_page(host: str, port: int) -> Iterator[Progress]:
    """Answer on the port with the page until the block ends and leaves the port to the web server."""
    progress = Progress()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = progress.page().encode()
            self.send_response(503)  # nobody takes it for Hilo itself: a monitor, or a test that waits
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Retry-After", "2"),
                ("Cache-Control", "no-store"),
                ("Connection", "close"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The terminal is for the person who started Hilo."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that went away in the middle is nobody's business."""

    server = Server((host, port), Answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
