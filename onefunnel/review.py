"""The pages of what is published, made anew: at the end of a run, by hand, and by the DAG onefunnel_review."""

from __future__ import annotations

from pathlib import Path

from onefunnel.beside import steps_to_the_terminal
from onefunnel.home import Home
from onefunnel.progress import say


def review(home: Path | None) -> int:
    """Every page of the home shows what is published, and the terminal says where; returns 1 where one could not be."""
    place = Home(home.resolve()) if home else Home.from_environment()
    steps_to_the_terminal()
    failed = write_pages(place)
    print(f"\n  open in a browser: {newest(place)}")
    return 1 if failed else 0


def write_pages(home: Home) -> dict[str, str]:
    """Every page shows the version that is published; returns page -> why, for those that stay as they were.

    Stop where nothing has been published yet.
    """
    from onefunnel.pages.published import opened
    from onefunnel.pages.write import write_all

    with opened(home) as published:
        run_id = published.facts["run_id"]
    return write_all(home, run_id)


def after_publication(home: Home) -> None:
    """The pages of a run that has published are written; what goes wrong with them is said and harms nothing."""
    steps_to_the_terminal()
    try:
        write_pages(home)
    except Exception as why:  # the tables are published; a page is made again by make review
        say(f"    the pages could not be made and stay as they were: {type(why).__name__}: {why}")


def newest(home: Home) -> Path:
    """The page of the newest week that was reviewed."""
    return home.root / "review" / "latest.html"
