"""Between Airflow and the steps: a person's mistake is not retried, and a failure says its rule."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from onefunnel.home import Home, write_whole

log = logging.getLogger("onefunnel")
FAILURE = "failure.json"


def guarded(name: str, *arguments):
    """Run a step; a Stop fails the task at once with its one line, any other error is retried when scheduled."""
    from airflow.sdk.exceptions import AirflowFailException

    from onefunnel import steps
    from onefunnel.errors import Stop, TryAgain

    try:
        done = getattr(steps, name)(*arguments)
        _mended(name, arguments)
        return done
    except Stop as stop:
        _note(name, arguments, stop.as_dict())
        if isinstance(stop, TryAgain) and not os.environ.get("ONEFUNNEL_PROGRESS"):
            raise
        raise AirflowFailException(str(stop)) from None
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        _note(name, arguments, {"rule": "unexpected_error", "what": what, "do": "", "rows": []})
        if os.environ.get("ONEFUNNEL_PROGRESS"):  # a person waits at the terminal: no retry in five minutes
            log.exception("unexpected error in %s", name)
            raise AirflowFailException(what) from error
        raise


def tell_failure(context) -> None:
    """The failure callback: names the step and the rule that stopped the run, in one log line."""
    task = context["task_instance"].task_id
    log.error("onefunnel stopped at '%s': %s", task, context.get("exception"))


def _note(step: str, arguments: tuple, facts: dict) -> None:
    """What failed stands beside the run's progress, for the terminal that started it and for the page of the data."""
    folder = _folder(arguments)
    if folder:
        write_whole(folder / FAILURE, json.dumps({"step": step, "about": _about(arguments), **facts}))
        try:
            from onefunnel.pages.index_quality import show_failure

            show_failure(Home(folder.parent.parent))
        except Exception as why:  # the page is for looking; what failed is already said
            log.warning("the page 'quality' could not be made and stays as it was: %s", why)


def _mended(step: str, arguments: tuple) -> None:
    """A step that was tried again and went through is no failure any more."""
    folder = _folder(arguments)
    with suppress(OSError, ValueError, KeyError):
        failure = json.loads((folder / FAILURE).read_text(encoding="utf-8")) if folder else {}
        if failure and (failure["step"], failure["about"]) == (step, _about(arguments)):
            (folder / FAILURE).unlink()


def _about(arguments: tuple) -> list[str]:
    """Which of the step's mapped tasks it was: the source's name."""
    return [argument for argument in arguments[1:] if isinstance(argument, str)]


def _folder(arguments: tuple) -> Path | None:
    """<home>/runs/<run_id>; None before a scheduled run has a name."""
    progress = os.environ.get("ONEFUNNEL_PROGRESS")
    if progress:
        return Path(progress).parent
    run = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
    return Home(Path(run["home"])).run_dir(run["run_id"]) if {"home", "run_id"} <= set(run) else None
