"""The dashboard in Chromium: what Superset sent to each chart on it, and what stands on the page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bi.charts import CHARTS, TABS
from tests.bi.superset import Stand


@dataclass
class Seen:
    """Chart's name -> rows that it was sent; tab -> words on it; what the page complained of."""

    rows: dict[str, list[dict]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def look(stand: Stand, pictures: Path, tabs: tuple[str, ...] = TABS) -> Seen:
    """Every tab was opened until all its charts stood; a picture of each is in the folder."""
    token = stand.token()
    listed = stand.get("/api/v1/chart/?q=(page_size:100)", token)["result"]
    names = {chart["id"]: chart["slice_name"] for chart in listed}
    assert set(names.values()) == {chart.name for chart in CHARTS}
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(120_000)
        page.on("response", lambda answer: _keep(answer, names, seen))
        page.goto(f"{stand.address}/login/")
        page.locator("input#username").fill("admin")
        page.locator("input#password").fill(stand.password)
        page.locator("button[type=submit], input[type=submit]").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{stand.address}/superset/dashboard/onefunnel/")
        for tab in tabs:
            page.locator("[role=tab]", has_text=tab).first.click()
            _until_drawn(page, seen, tab)
            seen.words[tab] = page.locator("body").inner_text()
            height = page.evaluate("document.documentElement.scrollHeight")
            page.screenshot(path=pictures / f"{tab.lower()}.png", full_page=height < 3000)
        browser.close()
    return seen


def _keep(answer, names: dict[int, str], seen: Seen) -> None:
    if "/api/v1/chart/data" not in answer.url or answer.request.method != "POST":
        return
    asked = json.loads(answer.request.post_data)
    name = names.get((asked.get("form_data") or {}).get("slice_id"), "?")
    if answer.status != 200:
        seen.errors.append(f"{name}: {answer.status} {answer.text()[:500]}")
        return
    seen.rows[name] = answer.json()["result"][0]["data"]


def _until_drawn(page: Page, seen: Seen, tab: str) -> None:
    """Charts are loaded when they come into view, so the tab is scrolled through."""
    wanted = {chart.name for chart in CHARTS if chart.tab == tab}
    for _ in range(120):
        for place in range(0, 4000, 500):
            page.mouse.wheel(0, 500 if place else -8000)
            page.wait_for_timeout(60)
        if wanted <= set(seen.rows) or seen.errors:
            break
        page.wait_for_timeout(500)
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(2500)  # drawn with its short animation
