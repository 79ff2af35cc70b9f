"""A mail server and a webhook on loopback, which keep what they were sent."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from contextlib import contextmanager
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that neither logs in nor encrypts."""

    def handle(self):
        self._say("220 here")
        to = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "RCPT":
                to.append(line.split("<")[1].split(">")[0])
            if verb == "DATA":
                self._say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                message = email.message_from_bytes(b"".join(lines), policy=policy.default)
                self.server.kept.append((to, message))
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _say(self, line: str):
        self.wfile.write(line.encode() + b"\r\n")


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.kept.append((self.path, json.loads(body)))
        self.send_response(self.server.answers)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@contextmanager
def mail_server():
    """A server with .port and .kept, a list of (addressees, message)."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        yield from _serve(server)


@contextmanager
def webhook(answers: int = 200):
    """A server with .port, .answers (its status) and .kept, a list of (path, what was posted)."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hook) as server:
        server.answers = answers
        yield from _serve(server)


def _serve(server):
    server.kept, server.port, server.daemon_threads = [], server.server_address[1], True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
