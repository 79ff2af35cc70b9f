"""`make serve` over a real socket: what it gives, and what it refuses whatever the bytes of the request."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests import support
from tests.pages import browser

SECRET = "not for readers"
PAGES = {"index.html": "all weeks", "2026-03-23.html": "a week", "forecast-2026-04-01.html": "a forecast"}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "onefunnel", "serve", *words]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose review folder holds pages, and beside and in it what nobody may read."""
    root = tmp_path_factory.mktemp("served")
    review = root / "review"
    (review / "kept").mkdir(parents=True)
    for name, told in PAGES.items():
        (review / name).write_text(f"<!doctype html><title>{told}</title>", encoding="utf-8")
    (root / "audit").mkdir()
    hidden = [
        "kept/2026-03-23.json",
        "kept/page.html",
        ".env",
        ".index.html.4711",
        ".hidden.html",
        "notes.txt",
        "data.json",
    ]
    for name in [*(f"review/{name}" for name in hidden), "audit/rows.csv", "secret.html", "review-of-others.html"]:
        (root / name).write_text(SECRET, encoding="utf-8")
    (review / "latest.html").symlink_to("2026-03-23.html")
    (review / "out.html").symlink_to(root / "secret.html")
    (review / "outside").symlink_to(root / "audit")
    (review / "folder.html").mkdir()
    os.mkfifo(review / "pipe.html")
    return root


@pytest.fixture(scope="module")
def port(home):
    number = _free_port()
    words = _command("--home", str(home), "--port", str(number), "--hosts", "Review.example, other.example")
    process = subprocess.Popen(words, env=support.environment(), stdout=subprocess.PIPE, text=True, cwd=home)
    try:
        assert f"http://127.0.0.1:{number}/" in process.stdout.readline()
        yield number
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0, "an interrupted server ends without a word"


def ask(port: int, target: bytes, method: bytes = b"GET", host: bytes = b"127.0.0.1", also: bytes = b"") -> tuple:
    """(status, headers, body) of the request, byte for byte as it is given; status 0 when nothing is answered."""
    hosts = b"Host: " + host + b"\r\n" if host is not None else b""
    return raw(port, method + b" " + target + b" HTTP/1.1\r\n" + hosts + also + b"Connection: close\r\n\r\n")


def raw(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        told = b""
        while part := connection.recv(65536):
            told += part
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1]) if told else 0
    return status, dict(line.lower().split(": ", 1) for line in lines[1:]), body


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (b"/", "all weeks"),
        (b"/index.html", "all weeks"),
        (b"/index.html?week=1", "all weeks"),
        (b"/2026-03-23.html", "a week"),
        (b"/latest.html", "a week"),
        (b"/forecast-2026-04-01.html", "a forecast"),
    ],
)
def test_a_page_is_given_to_be_read(port, target, told):
    status, headers, body = ask(port, target)
    assert (status, told in body.decode()) == (200, True)
    assert headers["content-type"] == "text/html; charset=utf-8"
    status, headers, body = ask(port, target, method=b"HEAD")
    assert (status, body) == (200, b"") and int(headers["content-length"]) > 20


@pytest.mark.parametrize(
    "target",
    [
        b"/kept/2026-03-23.json",
        b"/kept/",
        b"/kept",
        b"/kept/page.html",
        b"/kept%2fpage.html",
        b"/./kept/page.html",
        b"//kept/page.html",
        b"/.env",
        b"/%2eenv",
        b"/.index.html.4711",
        b"/.hidden.html",
        b"/notes.txt",
        b"/data.json",
        b"/out.html",
        b"/outside/rows.csv",
        b"/folder.html",
        b"/folder.html/",
        b"/pipe.html",
        b"/missing.html",
        b"/..",
        b"/../secret.html",
        b"/../review-of-others.html",
        b"/%2e%2e/secret.html",
        b"/..%2fsecret.html",
        b"/..%252fsecret.html",
        b"/%252e%252e%252fsecret.html",
        b"/..%5csecret.html",
        b"/..\\secret.html",
        b"/index.html/../../secret.html",
        b"/index.html%00.html",
        b"/index.html\x00",
        b"/%00",
        b"/..;/secret.html",
        b"/%c0%ae%c0%ae/secret.html",
        b"/\xef\xbc\x8e\xef\xbc\x8e/secret.html",
        b"//etc/passwd",
        b"/etc/passwd",
        b"/%2fetc%2fpasswd",
        b"/file:///etc/passwd",
        b"/INDEX.HTML",
        b"/index.html ",
        b"/index.html%0a",
        b"/index.html#top",
        b"/" + b"a" * 5000 + b".html",
        b"index.html",
        b"../secret.html",
        b"*",
        b"http://127.0.0.1/index.html",
        b"http://evil.example/secret.html",
    ],
)
def test_whatever_is_no_page_is_refused(port, target):
    status, _, body = ask(port, target)
    assert status in (400, 404), status
    assert SECRET.encode() not in body and b"root:" not in body and b"Traceback" not in body
    assert len(body) < 200, "no listing, no page"


@pytest.mark.parametrize(
    "host", [b"127.0.0.1:%d", b"localhost:%d", b"LOCALHOST", b"[::1]:%d", b"review.example", b"other.example:443"]
)
def test_who_asks_by_a_known_name_is_answered(port, host):
    assert ask(port, b"/", host=host.replace(b"%d", str(port).encode()))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        None,
        *b" evil.example evil.example:%d 127.0.0.1.evil.example localhost.evil.example 127.0.0.1@evil.example".split(
            b" "
        ),
        *b"evil.example#127.0.0.1 0.0.0.0 10.0.0.1 [::] ::1 localhost:8081:8081 review.example. 127.1".split(),
    ],
)
def test_a_foreign_name_is_refused_whatever_it_points_to(port, host):
    status, _, body = ask(port, b"/", host=host and host.replace(b"%d", str(port).encode()))
    assert status in (400, 421) and b"all weeks" not in body
    also = b"X-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n"
    assert ask(port, b"/", host=host or b"evil.example", also=also)[0] in (400, 421)


def test_two_hosts_are_one_too_many(port):
    assert ask(port, b"/", also=b"Host: evil.example\r\n")[0] in (400, 421)


def test_an_old_client_that_names_no_host_is_refused(port):
    assert raw(port, b"GET /index.html HTTP/1.0\r\n\r\n")[0] == 421
    assert raw(port, b"GET /index.html HTTP/1.0\r\nHost: localhost\r\n\r\n")[0] == 200


@pytest.mark.parametrize(
    "method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND", b"get"]
)
def test_pages_are_only_read(port, home, method):
    before = support.bytes_hash(home / "audit")
    status, headers, body = ask(port, b"/index.html", method=method, also=b"Content-Length: 0\r\n")
    assert status in (400, 405) and b"all weeks" not in body
    assert status == 400 or headers["allow"] == "get, head"
    assert support.bytes_hash(home / "audit") == before


@pytest.mark.parametrize("target", [b"/", b"/latest.html", b"/missing.html", b"/kept/page.html"])
def test_every_answer_is_hardened(port, target):
    _, headers, _ = ask(port, target)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "deny"
    assert "server" not in headers and "access-control-allow-origin" not in headers


def test_it_listens_on_loopback_alone(port):
    others = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    for address in {other for other in others if not other.startswith("127.")}:
        with socket.socket() as connection:
            connection.settimeout(2)
            assert connection.connect_ex((address, port)) != 0, address


def test_a_page_shows_in_a_browser_as_it_does_from_disk(port):
    with browser.chromium() as chromium:
        shown = chromium.new_page()
        answered = shown.goto(f"http://127.0.0.1:{port}/")
        assert (answered.status, shown.title()) == (200, "all weeks")


def _said(*words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        _command(*words), env=support.environment(**environment), capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def test_a_taken_port_is_one_line(home, port):
    code, said = _said("--home", str(home), "--port", str(port))
    assert code == 1
    assert re.fullmatch(rf"\n✗ port: 127\.0\.0\.1:{port} .*Address already in use -> .*PORT=8082\n", said), said


def test_a_home_without_pages_is_one_line(tmp_path):
    code, said = _said("--home", str(tmp_path))
    assert code == 1
    assert said.startswith("\n✗ nothing_published: ") and "make run" in said and said.count("\n") == 2


@pytest.mark.parametrize("port_of", ["0", "-1", "70000"])
def test_a_port_that_is_none_is_one_line(home, port_of):
    code, said = _said("--home", str(home), "--port", port_of)
    assert code == 1 and said.startswith("\n✗ port: ") and "Traceback" not in said


def test_a_server_may_wait_for_the_first_review(tmp_path):
    number = _free_port()
    words = _command("--home", str(tmp_path), "--port", str(number), "--wait")
    process = subprocess.Popen(words, env=support.environment(), stdout=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        assert ask(number, b"/")[0] == 503 and ask(number, b"/latest.html")[0] == 404
        (tmp_path / "review").mkdir()
        (tmp_path / "review/index.html").write_text("here", encoding="utf-8")
        end = time.monotonic() + 5
        while ask(number, b"/")[0] != 200:
            assert time.monotonic() < end
    finally:
        process.terminate()
        process.wait(timeout=10)
