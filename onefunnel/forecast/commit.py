"""What sales commits to: where that is known, and in which words it is told."""

from __future__ import annotations

from onefunnel.forecast.facts import Facts
from onefunnel.forecast.history import History

NO_COMMIT = "unavailable: no forecast category"
NO_HISTORY = "no history of categories"
NOTHING_YET = "nothing committed yet"


def commit_is_known(history: History, facts: Facts) -> bool:
    """Whether sales has said of any due deal how sure it is, or nothing is due."""
    if history.is_commit is None or facts.at < history.commit_since:
        return False
    return not facts.due_deals.sum() or facts.uncategorised.sum() < facts.due_deals.sum()


def commit_statuses(history: History, facts: Facts) -> list[str]:
    """Of the total and of each segment; an amount of those whose category is known says of how many it is not."""
    names = 1 + len(facts.committed)
    if history.is_commit is None:
        return [NO_COMMIT] * names
    if facts.at < history.commit_since:
        return [NO_HISTORY] * names
    unknown = [int(facts.uncategorised.sum()), *(int(deals) for deals in facts.uncategorised)]
    committed = [int(facts.committed.sum()), *(int(deals) for deals in facts.committed)]
    if not commit_is_known(history, facts):
        return [f"unavailable: {_not_known(unknown[0])}"] * names
    return [_status(*counts) for counts in zip(unknown, committed)]


def _status(unknown: int, committed: int) -> str:
    if unknown:
        return f"short history: {_not_known(unknown)}"
    return "ok" if committed else NOTHING_YET


def _not_known(deals: int) -> str:
    return f"category of {deals} {'deal' if deals == 1 else 'deals'} not known"
