"""Pages in a real browser: what overlaps, is clipped, unreadable, or reaches out; pictures and PDFs of them."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"

HERE = Path(__file__).parent


@contextmanager
def chromium():
    """A headless Chromium without network; its pages are opened with page(...)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(browser, path: Path, width: int = 1280, scheme: str = "light", media: str = "screen"):
    """The file opened from the disk; page.requests lists whatever it asked for besides itself."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    shown = context.new_page()
    shown.requests = []
    shown.on("request", lambda request: shown.requests.append(request.url))
    shown.emulate_media(media=media, color_scheme=scheme)
    try:
        shown.goto(path.resolve().as_uri())
        shown.requests = [url for url in shown.requests if url != path.resolve().as_uri()]
        yield shown
    finally:
        context.close()


def troubles(shown) -> list[str]:
    """What is wrong to the eye or to a screen reader, each in a line; empty when nothing is."""
    return asked(shown, "troubles.js") + [f"asks for {url}" for url in shown.requests]


def faint(shown) -> list[str]:
    """Texts whose contrast with their background is under 4.5 to 1."""
    return asked(shown, "faint.js")


def pdf_pages(shown, path: Path) -> int:
    """The page printed to path on A4; returns how many sheets it takes."""
    shown.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


def asked(shown, script: str):
    """What the script of this folder returns of the page."""
    text = (HERE / script).read_text(encoding="utf-8")
    return shown.evaluate(text[text.index("() =>") :])
