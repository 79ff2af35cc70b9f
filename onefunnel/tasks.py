"""Between Airflow and the steps: a person's mistake is not retried, and a failure says its rule."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

log = logging.getLogger("onefunnel")


def guarded(name: str, *arguments):
    """Run a step; a Stop fails the task at once with its one line, any other error is retried when scheduled."""
    from airflow.sdk.exceptions import AirflowFailException

    from onefunnel import steps
    from onefunnel.errors import Stop, TryAgain

    try:
        return getattr(steps, name)(*arguments)
    except Stop as stop:
        _note(name, stop.as_dict())
        if isinstance(stop, TryAgain) and not os.environ.get("ONEFUNNEL_PROGRESS"):
            raise
        raise AirflowFailException(str(stop)) from None
    except Exception as error:
        _note(name, {"rule": "unexpected_error", "what": f"{type(error).__name__}: {error}", "do": "", "rows": []})
        if os.environ.get("ONEFUNNEL_PROGRESS"):  # a person waits at the terminal: no retry in five minutes
            log.exception("unexpected error in %s", name)
            raise AirflowFailException(f"{type(error).__name__}: {error}") from error
        raise


def tell_failure(context) -> None:
    """The failure callback: names the step and the rule that stopped the run, in one log line."""
    task = context["task_instance"].task_id
    log.error("onefunnel stopped at '%s': %s", task, context.get("exception"))


def _note(step: str, facts: dict) -> None:
    """For the terminal that started the run: what failed, beside its progress."""
    progress = os.environ.get("ONEFUNNEL_PROGRESS")
    if progress:
        Path(progress).with_name("failure.json").write_text(json.dumps({"step": step, **facts}), encoding="utf-8")
