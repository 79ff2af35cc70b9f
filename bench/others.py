"""What a user would otherwise take, on the same paths: plain pandas, and the library marketing-attribution-models.

Journeys: journey_id, happened_at, channel, converted; one Parquet file per milestone. Both give credit per channel in
doubles; neither splits amounts to the paisa, nor keeps the credit of a single touch.
"""

from __future__ import annotations

import time
from pathlib import Path

HALF_LIFE_DAYS = 14
MILESTONES = ("opportunity", "won")
LIBRARY = "marketing-attribution-models==2.1.1"

JOURNEYS = """
copy (
    select deal_id as journey_id, happened_at, channel, true as converted
    from funnel.int_path_touches where milestone = '{milestone}'
    union all
    select path_id, happened_at, channel, false from funnel.int_unconverted_touches where milestone = '{milestone}'
    order by happened_at, journey_id
) to '{path}' (format parquet)
"""


def write_journeys(con, folder: Path) -> int:
    """Both files; returns how many touches lie in them."""
    folder.mkdir(parents=True, exist_ok=True)
    for milestone in MILESTONES:
        path = folder / f"{milestone}.parquet"
        con.execute(JOURNEYS.format(milestone=milestone, path=path))
    return con.execute(f"select count(*) from '{folder}/*.parquet'").fetchone()[0]


def library(folder: Path) -> dict:
    """Six models of the library, as its README shows them: from touches to credit per channel."""
    import polars
    from mam.core import MAM

    started = time.process_time()
    for milestone in MILESTONES:
        touches = polars.read_parquet(folder / f"{milestone}.parquet")
        mam = MAM(
            df=touches,
            format_type="session",
            channels_colname="channel",
            journey_with_conv_colname="converted",
            datetime_colname="happened_at",
            user_id_colname="journey_id",
        )
        for run in (mam.run_first_click, mam.run_last_click, mam.run_linear, mam.run_position_based, mam.run_markov):
            run()
        mam.run_time_decay(half_life_hours=HALF_LIFE_DAYS * 24)
    return {"models": 6, "cpu_seconds": time.process_time() - started}


def plain_pandas(folder: Path) -> dict:
    """The same six with sort_values and groupby."""
    import pandas

    started = time.process_time()
    for milestone in MILESTONES:
        touches = pandas.read_parquet(folder / f"{milestone}.parquet")
        touches = touches.sort_values(["journey_id", "happened_at"]).reset_index(drop=True)
        _weighed(touches[touches.converted])
        _markov(touches)
    return {"models": 6, "cpu_seconds": time.process_time() - started}


def _weighed(path):
    """Credit per channel of the models that look at one path at a time."""
    import numpy

    journey = path.groupby("journey_id", sort=False)
    size, place = journey.channel.transform("size"), journey.cumcount()
    first, last = (place == 0).astype(float), (place == size - 1).astype(float)
    middle = numpy.where(size > 2, 0.2 / (size - 2).clip(lower=1), 0.0)
    ends = numpy.where(size == 1, 1.0, numpy.where(size == 2, 0.5, 0.4))
    before = (journey.happened_at.transform("max") - path.happened_at).dt.total_seconds() / 86400
    decay = 0.5 ** (before / HALF_LIFE_DAYS)
    weights = {
        "first": first,
        "last": last,
        "linear": 1 / size,
        "position": numpy.where(first + last > 0, ends, middle),
        "time decay": decay / decay.groupby(path.journey_id, sort=False).transform("sum"),
    }
    return {name: path.assign(weight=weight).groupby("channel").weight.sum() for name, weight in weights.items()}


def _markov(touches):
    """Removal effects by the inverse of I - Q."""
    import numpy
    import pandas

    journey = touches.groupby("journey_id", sort=False)
    before = journey.channel.shift().astype(object).fillna("(start)")
    last = touches[journey.cumcount(ascending=False) == 0]
    steps = pandas.concat(
        [
            pandas.DataFrame({"from": before, "to": touches.channel}),
            pandas.DataFrame({"from": last.channel, "to": numpy.where(last.converted, "(conversion)", "(null)")}),
        ]
    )
    chances = pandas.crosstab(steps["from"], steps["to"], normalize="index")
    states = list(chances.index)
    moves = chances.reindex(columns=states, fill_value=0.0).to_numpy()
    visits = numpy.linalg.inv(numpy.eye(len(states)) - moves)
    converts = visits @ chances.get("(conversion)", pandas.Series(0.0, index=states)).to_numpy()
    start = states.index("(start)")
    return {
        s: visits[start, i] / visits[i, i] * converts[i] / converts[start] for i, s in enumerate(states) if i != start
    }
