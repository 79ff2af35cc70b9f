"""The compose file's service `pages` as a plain process: its command, its mounts, its health check."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import pytest
from compose_rules import compose
from stack import Stack, free_port, processes, random_secrets


def _status(port: int, host: str = "localhost") -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as answer:
        return answer.code


@pytest.mark.timeout(120)
def test_the_pages_are_healthy_before_and_after_the_first_review(tmp_path):
    given = random_secrets() | {"ONEFUNNEL_EXPORTS": "/nowhere", "ONEFUNNEL_PAGES_HOSTS": "review.example"}
    port = free_port()
    stack = Stack(compose(given)["services"], tmp_path, free_port(), free_port(), port)
    stack.build_image()
    assert not [value for value in stack.environment("pages").values() if value in random_secrets() | given]
    with processes(tmp_path) as started:
        stack.start(started, "pages")
        end = time.monotonic() + 60
        while (healthy := stack.healthy("pages")).returncode != 0:
            assert time.monotonic() < end and started.running["pages"].poll() is None, healthy.stdout
        assert _status(port) == 503, "nothing has been published yet"
        # the scheduler's own view of the same volume
        written = stack.mapped("scheduler", "/onefunnel/home/review/index.html")
        with open(written, "w", encoding="utf-8") as page:
            page.write("<!doctype html><title>All weeks</title>")
        assert (_status(port), stack.healthy("pages").returncode) == (200, 0)
        assert (_status(port, "review.example"), _status(port, "evil.example")) == (200, 421)
        started.running["pages"].terminate()
        started.running["pages"].wait(timeout=10)
