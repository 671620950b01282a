"""A small web site on loopback, made of what a test puts into it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


@dataclass
class ServedSite:
    """`answers` by path; `asked` is every path that was asked for, in order."""

    url: str
    answers: dict[str, Answer]
    asked: list[str]
    agents: set[str]

    def page(self, path, title, text, lang="en", head="", **headers):
        html = f"<html lang={lang}><head>{head}</head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
        self.answers[path] = Answer(html, headers={"Content-Type": "text/html; charset=utf-8"} | headers)

    def sitemap(self, path, *addresses, index=False):
        outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        listed = "".join(f"<{inner}><loc>{self.url}{one}</loc></{inner}>" for one in addresses)
        xml = f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{outer}>'
        self.answers[path] = Answer(xml, headers={"Content-Type": "application/xml"})


@contextlib.contextmanager
def serving():
    answers: dict[str, Answer] = {}
    asked: list[str] = []
    agents: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            agents.add(self.headers["User-Agent"])
            answer = answers.get(self.path, Answer("no such page", 404))
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # whoever asked may have had enough
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield ServedSite(f"http://127.0.0.1:{server.server_port}", answers, asked, agents)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
