"""The course of each deal through its stages: how it stood, in which stage it stayed, and since when that is known.

Words: a deal is open, won, lost or scrubbed (deleted, merged, omitted); what is scrubbed after it closed stays closed.
A stay is an unbroken time in which it is open in one stage. What its source logs is known since it was created; what it
does not, since the first export that held it, or since its creation where that source's exports had begun by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tests.oracle_pipeline.histories import Company, History, State

Stages = dict[str, tuple[str, int, str]]  # source word -> our stage, its order, status
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Step:
    """How a deal stood from an instant on."""

    at: datetime
    standing: str
    stage: str | None
    order: int | None
    state: State


@dataclass(frozen=True)
class Stay:
    """A time in one stage; until and after are None while it is there."""

    stage: str | None
    order: int | None
    since: datetime
    until: datetime | None
    after: Step | None

    @property
    def leads_forward(self) -> bool:
        if self.after is None or self.after.standing != "open":
            return self.after is not None and self.after.standing == "won"
        return None not in (self.order, self.after.order) and self.after.order > self.order

    @property
    def days(self) -> float:
        return (self.until - self.since) / timedelta(days=1)


class Course:
    """One deal's steps, stays, and what is known of them."""

    def __init__(self, history: History, company: Company, stages: Stages, exports_began: dict[str, datetime]):
        self.history, self.company, self.stages = history, company, stages
        self.deal_id, self.created_at = history.deal.deal_id, history.deal.created_at
        first_seen = min(version.loaded_at for _, version in history.living)
        began = exports_began[history.deal.source]
        self.exported_from = self.created_at if began <= self.created_at else first_seen

    def known_from(self, field: str) -> datetime:
        logged = field in self.company.logged.get(self.history.deal.source, ())
        return self.created_at if logged else self.exported_from

    @cached_property
    def steps(self) -> list[Step]:
        found, told = [], None
        for at in self.history.instants():
            state = self.history.state(at)
            told = state.status if state.status != "scrubbed" else told
            standing = told if state.status == "scrubbed" and told in ("won", "lost") else state.status
            stage, order, _ = self.stages.get(state.stage, (None, None, None))
            found.append(Step(at, standing, stage, order, state))
        return found

    def step(self, at: datetime) -> Step | None:
        """The one that holds at the instant."""
        return next((step for step in reversed(self.steps) if step.at <= at), None)

    @cached_property
    def stays(self) -> list[Stay]:
        found, since = [], None
        for step, after in zip(self.steps, [*self.steps[1:], None]):
            if step.standing != "open":
                continue
            since = since or step
            if after is None or after.standing != "open" or after.stage != step.stage:
                found.append(Stay(step.stage, step.order, since.at, after and after.at, after))
                since = None
        return found

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def stands_won_since(self) -> datetime | None:
        """The beginning of the win that still stands."""
        since = None
        for step in self.steps:
            since = (since or step.at) if step.standing == "won" else None
        return since

    def is_dated(self, stay: Stay) -> bool:
        return stay.stage is not None and stay.since >= self.known_from("stage")


def courses(told: list[History], company: Company, stages: Stages) -> list[Course]:
    began: dict[str, datetime] = {}
    for history in told:
        for _, version in history.living:
            source = history.deal.source
            began[source] = min(began.get(source, version.loaded_at), version.loaded_at)
    return [Course(history, company, stages, began) for history in told]
