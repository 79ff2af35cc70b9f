"""docs/review.png, docs/forecast.png and docs/index.png: the tops of a home's pages as Chromium shows them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.pages import browser

CHECKOUT = Path(__file__).resolve().parent.parent
# page -> how far down its picture goes, at a width of 1100
PICTURES = {"latest.html": ("review", 1230), "forecast.html": ("forecast", 1150), "index.html": ("index", 900)}


def main(home: Path) -> int:
    """Each picture is written; 1 where the home has no pages yet."""
    if not (home / "review" / "latest.html").exists():
        print(f"✗ {home / 'review'} has no pages: make review HOME_DIR={home}", file=sys.stderr)
        return 1
    with browser.chromium() as chromium:
        for name, (picture, height) in PICTURES.items():
            path = CHECKOUT / "docs" / f"{picture}.png"
            with browser.page(chromium, home / "review" / name, width=1100) as shown:
                shown.screenshot(path=str(path), full_page=True, clip={"x": 0, "y": 0, "width": 1100, "height": height})
            print(f"{path.relative_to(CHECKOUT)}: {path.stat().st_size // 1000} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else CHECKOUT / "data").resolve()))
