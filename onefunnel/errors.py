"""The one way in which onefunnel says no."""

from __future__ import annotations


class Stop(Exception):
    """The run cannot go on, and the message is written for the person who can mend it.

    rule: short snake_case name of what was violated; what: what was found, with file, row and
    column where there are any; do: what to do about it; rows: example rows as text.
    """

    def __init__(self, rule: str, what: str, do: str = "", rows: list[str] | None = None):
        self.rule, self.what, self.do, self.rows = rule, what, do, rows or []
        super().__init__(str(self))

    def __str__(self) -> str:
        line = f"{self.rule}: {self.what}"
        return f"{line} -> {self.do}" if self.do else line

    def as_dict(self) -> dict:
        return {"rule": self.rule, "what": self.what, "do": self.do, "rows": self.rows}


class TryAgain(Stop):
    """A Stop that may pass by itself (a server that restarts): a scheduled step is tried again."""
