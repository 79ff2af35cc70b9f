"""The pages on the disk: one folder that opens offline and can be served as it is; each page whole or as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from onefunnel.home import Home, write_whole
from onefunnel.pages import words
from onefunnel.pages.published import Published, opened
from onefunnel.progress import say, step

TEMPLATES = Path(__file__).parent / "templates"
FOLDER = "review"
NAVIGATION = [
    ("latest.html", "This week's review"),
    ("forecast.html", "Forecast"),
    ("index.html", "All weeks"),
    ("agreement.html", "The agreement"),
    ("lists.html", "To do today"),
    ("dictionary.html", "Data dictionary"),
    ("quality.html", "Data quality"),
]
# module -> write(home, run_id, published): returns the paths it wrote. Added to by each page's own module.
WRITERS: list[str] = [
    "review",
    "forecast",
    "index",
    "index_agreement",
    "index_lists",
    "index_dictionary",
    "index_quality",
]


def write_all(home: Home, run_id: str) -> dict[str, str]:
    """Every page is made anew from what is published; returns page -> why, for those that could not be made.

    A page that cannot be made stays as it was, and harms neither the others nor what is published.
    """
    failed: dict[str, str] = {}
    with step("Write the pages") as tell, opened(home) as published:
        written = 0
        for name in WRITERS:
            write: Callable[[Home, str, Published], list[Path]] = import_module(f"onefunnel.pages.{name}").write
            try:
                written += len(write(home, run_id, published))
            except Exception as why:  # a page is for looking; it must not stop what it looks at
                failed[name] = f"{type(why).__name__}: {why}"
                say(f"    the page '{name}' could not be made and stays as it was: {failed[name]}")
        tell(f"{words.several(written, 'file')} in {home.root / FOLDER}")
    return failed


def write_page(home: Home, name: str, template: str, published: Published, **context) -> Path:
    """<home>/review/<name> holds the template with the context, the look and the navigation in it."""
    path = home.root / FOLDER / name
    write_whole(path, rendered(template, published, here=name, **context))
    return path


def rendered(template: str, published: Published, **context) -> str:
    """The page as text; every value is escaped unless it is markup, an unknown name is an error."""
    given = {"company": published.facts["company_name"], "nav": NAVIGATION, "currency": published.currency}
    return _environment().get_template(template).render(**given | context)


@cache
def _environment():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["css"] = _css()
    names = "money count percent value day days instant local_day several indian whole"
    for name in names.split():
        found.filters[name] = getattr(words, name)
    return found


def _css():
    from markupsafe import Markup

    return Markup((TEMPLATES / "look.css").read_text(encoding="utf-8"))
