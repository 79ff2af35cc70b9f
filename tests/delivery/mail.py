"""A mail server on loopback that refuses whom it is told to, and encrypts with a certificate of its own."""

from __future__ import annotations

import email
import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager
from email import policy
from pathlib import Path


class _Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 here")
        to, self.encrypted = [], False
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO" and self.server.context and not self.encrypted:
                self._say("250-here\r\n250 STARTTLS")
            elif verb == "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            elif verb == "RCPT":
                address = line.split("<")[1].split(">")[0]
                refusal = self.server.refuses.get(address)
                to += [] if refusal else [address]
                self._say(refusal or "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                if self.server.answers == "250 ok":
                    self._keep(to)
                else:
                    self._read()
                self._say(self.server.answers)
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                to = [] if verb in ("MAIL", "RSET") else to
                self._say("250 ok")

    def _read(self) -> bytes:
        lines = []
        while (part := self.rfile.readline()) != b".\r\n":
            lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
        return b"".join(lines)

    def _keep(self, to: list[str]):
        message = email.message_from_bytes(self._read(), policy=policy.default)
        self.server.kept.append((to, message, self.encrypted))

    def _encrypt(self):
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.encrypted = True

    def _say(self, line: str):
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def handle_error(self, request, client_address):
        """A client that goes away when it does not trust the certificate is no fault of the server."""


@contextmanager
def mail_server(port: int = 0, certificate: Path | None = None):
    """A server with .port, .refuses (address: answer), .answers, .kept: a list of (addressees, message, encrypted)."""
    with _Server(("127.0.0.1", port), _Mail) as server:
        server.kept, server.refuses, server.context, server.answers = [], {}, None, "250 ok"
        server.port = server.server_address[1]
        if certificate:
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(certificate)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def own_certificate(folder: Path) -> Path:
    """A file with key and certificate for 127.0.0.1 that nobody has signed."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    asked = f"-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout {key} -out {certificate}"
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", *asked.split(), *named], check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return both
