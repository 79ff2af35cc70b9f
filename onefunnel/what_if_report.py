"""What drafts would have changed, in words and tables for the two heads who may sign them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from onefunnel.progress import count
from onefunnel.report import money

NOTE = """  Both versions are judged as if they had been in force all the time, and only while somebody was a lead:
  before the first opportunity, and before the lead was closed out. Known: really handed over, not before the version
  was met. Who was never handed over has no outcome and counts neither as success nor as failure; nor does who met the
  version only after the handover, perhaps because of what sales did. Missed: really handed over, but never met that
  version; the shares are of what is known and missed together. In brackets: where the true value lies in 95 of 100
  such cases; for money only where there are deals enough."""
WIDTH = 118
ONE_RULE = ("", "handed over", "conversion", "known opportunities missed", "worth for each lead")
NOISE = {"no difference beyond noise": "within noise", "too few": "too few to tell"}
SAME = "no known lead differs"
WORTH = "opportunity_per_known"


def told(figures: list[dict], leads: list[dict], settings, as_of: datetime) -> str:
    """Two tables and a verdict per draft. figures, leads: rows of the two tables, all drafts together."""
    lines = []
    for draft in sorted({row["draft_version"] for row in figures}):
        mine = sorted(
            (row for row in figures if row["draft_version"] == draft), key=lambda row: row["definition_order"]
        )
        whole, single = mine[:3], mine[3:]
        first, currency = mine[0], settings.reporting_currency
        ours = f"version {first['against_version']}"
        last_on = first["window_starts_on"] + timedelta(weeks=first["window_weeks"]) - timedelta(days=1)
        lines += [
            "",
            f"{settings.company_name}: draft version {draft} beside version {first['against_version']}, in force on "
            f"{as_of.astimezone(ZoneInfo(settings.timezone)):%d %b %Y}",
            f"  {count(first['leads'])} leads created {first['window_starts_on']:%d %b %Y} to {last_on:%d %b %Y} "
            f"({first['window_weeks']:.0f} weeks); outcomes within {settings.maturity_days} days of their creation",
            "",
            *_whole(whole, currency),
            "",
            f"  One rule at a time: {ours} with only that rule of the draft's, beside {ours}",
            *_single(single, currency),
            "",
            *_wrapped(_verdict(whole[1], whole[2], currency)),
            *_wrapped(_who([row for row in leads if row["draft_version"] == draft], currency)),
        ]
    return "\n".join([*lines, "", NOTE])


def _whole(rows: list[dict], currency: str) -> list[str]:
    """What really was, the version in force and the draft side by side; a line per measure."""
    heads = (
        "as it really was",
        f"version {rows[0]['against_version']}, in force",
        f"version {rows[0]['draft_version']}, draft",
    )

    def line(words: str, cell: Callable[[dict], str], is_versions_only: bool = False) -> tuple[str, ...]:
        return (words, *("" if is_versions_only and row is rows[0] else cell(row) for row in rows))

    def worth(name: str) -> Callable[[dict], str]:
        return lambda row: _amount(row, name, currency)

    reps = f"{count(rows[0]['sales_reps'])} reps"
    return _aligned(
        [
            ("", *heads),
            line("leads handed over to sales", lambda row: _known(row["would_be_handed"])),
            line("  of all leads", lambda row: _share(row, "handed_rate")),
            line(f"  for each of {reps}, a week", _work),
            line("known: really handed over", lambda row: _known(row["known"])),
            line("  became opportunities", lambda row: _of(row, "opportunities", "conversion_rate")),
            line("    worth", worth("opportunity")),
            line("    worth for each lead", worth("opportunity_per_known")),
            line("  won", lambda row: _of(row, "won", "won_rate")),
            line("    worth", worth("won")),
            line("    worth for each lead", worth("won_per_known")),
            line("unknown: never handed over", lambda row: _known(row["unobserved"]), True),
            line("not counted: met it only later", lambda row: _known(row["met_only_after_handover"]), True),
            line("missed: handed over, never met it", lambda row: _known(row["missed_leads"]), True),
            line(
                "  of all opportunities known",
                lambda row: _of(row, "missed_opportunities", "missed_opportunity_rate"),
                True,
            ),
            line("    worth", worth("missed_opportunity"), True),
            line("  of all wins known", lambda row: _of(row, "missed_won", "missed_won_rate"), True),
            line("    worth", worth("missed_won"), True),
        ]
    )


def _single(rows: list[dict], currency: str) -> list[str]:
    """A line per criterion; where both versions ask for the same there is nothing to compare."""
    table = [ONE_RULE]
    for row in rows:
        if row["is_same_rule"]:
            table.append((row["criterion"], "", "same rule", "", ""))
            continue
        cells = (
            (_points(row, "conversion_difference"), row["conversion_verdict"]),
            (_points(row, "missed_opportunity_difference"), row["missed_opportunity_verdict"]),
            (_more(row, currency), row["value_verdict"]),
        )
        table.append((row["criterion"], _known(row["would_be_handed"]), *(_judged(*cell) for cell in cells)))
    return _aligned(table)


def _verdict(in_force: dict, draft: dict, currency: str) -> list[str]:
    """What the draft gains, what it costs, what stays as it is, and what nobody knows."""
    name, other = f"Version {draft['draft_version']}", f"version {in_force['against_version']}"
    if draft["is_same_rule"]:
        return [f"{name} asks for the same as {other}: nothing would have changed."]
    gains, costs, neither = [], [], []
    sides = {"better": gains, "worse": costs}
    sides.get(draft["conversion_verdict"], neither).append(_conversion(in_force, draft))
    sides.get(draft["value_verdict"], neither).append(_value(in_force, draft, currency))
    fewer = in_force["would_be_handed"] - draft["would_be_handed"]
    (gains if fewer > 0 else costs if fewer < 0 else neither).append(_handovers(in_force, draft))
    if draft["missed_opportunities"] is not None:
        told_ = _missed(in_force, draft, "opportunities", "missed_opportunity_amount", currency)
        far = _judged(_points(draft, "missed_opportunity_difference"), draft["missed_opportunity_verdict"])
        sides.get(draft["missed_opportunity_verdict"], neither).append(f"{told_}, of all known {far}")
        more = draft["missed_won"] - in_force["missed_won"]
        (costs if more > 0 else gains if more < 0 else neither).append(
            _missed(in_force, draft, "won", "missed_won_amount", currency)
        )
    lines = [
        f"{words}: {'; '.join(found)}."
        for words, found in ((f"{name} gains", gains), (f"{name} costs", costs), ("No change to rely on", neither))
        if found
    ]
    if draft["unobserved"]:
        lines.append(
            f"Nobody knows what would have come of {count(draft['unobserved'])} of the "
            f"{count(draft['would_be_handed'])}: they were never handed over (of {other}'s "
            f"{count(in_force['would_be_handed'])}: {count(in_force['unobserved'])})."
        )
    return lines


def _conversion(in_force: dict, draft: dict) -> str:
    rates = f"conversion {_share(draft, 'conversion_rate')} instead of {_share(in_force, 'conversion_rate')}"
    return f"{rates}, {_judged(_points(draft, 'conversion_difference'), draft['conversion_verdict'])}"


def _value(in_force: dict, draft: dict, currency: str) -> str:
    """What a known lead's opportunities are worth on both sides."""
    worth = (_money(row[f"{WORTH}_amount"], currency) for row in (draft, in_force))
    return (
        f"worth for each lead {' instead of '.join(worth)}, {_judged(_more(draft, currency), draft['value_verdict'])}"
    )


def _missed(in_force: dict, draft: dict, plural: str, amount: str, currency: str) -> str:
    counts = [
        count(row[f"missed_{plural}"]) + (f" worth {money(row[amount], currency)}" if row[amount] else "")
        for row in (draft, in_force)
    ]
    return f"known {'wins' if plural == 'won' else plural} missed: {' instead of '.join(counts)}"


def _judged(figure: str, verdict: str) -> str:
    """A difference and what it comes to."""
    if figure == SAME:
        return figure
    words = NOISE.get(verdict, verdict)
    return f"{figure}: {words}" if figure else words


def _handovers(in_force: dict, draft: dict) -> str:
    told_ = f"{count(draft['would_be_handed'])} instead of {count(in_force['would_be_handed'])} handovers"
    rates = [row["handovers_per_rep_week"] for row in (draft, in_force)]
    return told_ if rates[0] is None else f"{told_}, {rates[0]:.2f} instead of {rates[1]:.2f} a rep a week"


def _who(leads: list[dict], currency: str) -> list[str]:
    """Which leads the two differ in, and what came of them."""
    lines = []
    for met_by, words in (
        ("in force only", "would be handed over no more"),
        ("draft only", "would be handed over anew"),
    ):
        mine = [row for row in leads if row["met_by"] == met_by]
        lines.append(
            f"{count(len(mine))} lead{'' if len(mine) == 1 else 's'} {words}"
            + (f": {_came_of(mine, currency)}." if mine else ".")
        )
    return lines


def _came_of(rows: list[dict], currency: str) -> str:
    known = [row for row in rows if row["is_handed_over"]]
    reached, won = ([row for row in known if row[name]] for name in ("is_opportunity", "is_won"))
    told_ = f"really handed over {count(len(known))}, opportunities {count(len(reached))}"
    told_ += _worth(reached, "opportunity_amount", currency) + f", won {count(len(won))}"
    return told_ + _worth(won, "won_amount", currency) + f"; never handed over {count(len(rows) - len(known))}"


def _worth(rows: list[dict], name: str, currency: str) -> str:
    total = sum((row[name] for row in rows), Decimal(0))
    return f" worth {money(total, currency)}" if total else ""


def _of(row: dict, number: str, rate: str) -> str:
    """How many, and the share with its interval where there is one."""
    return _known(row[number]) + (f": {_interval(row, rate)}" if row[rate] is not None else "")


def _share(row: dict, name: str) -> str:
    return _interval(row, name) or "none known"


def _interval(row: dict, name: str, signed: bool = False) -> str:
    """41 % (35 to 47), in points with a sign for a difference; empty where it is unknown."""
    if row[name] is None:
        return ""
    sign = "+" if signed else ""
    # a difference of less than a point is told to its tenth
    digits = 1 if signed and max(abs(row[f"{name}_{end}"]) for end in ("low", "high")) < 0.01 else 0
    middle, low, high = (f"{100 * row[f'{name}{end}']:{sign}.{digits}f}" for end in ("", "_low", "_high"))
    return f"{middle} {'points' if signed else '%'} ({low} to {high})"


def _points(row: dict, name: str) -> str:
    """A difference of two shares in points."""
    if row[name] is not None and row[f"{name}_low"] == row[f"{name}_high"] == 0:
        return SAME
    return _interval(row, name, signed=True)


def _more(row: dict, currency: str) -> str:
    """What a known lead is worth more or less, with its interval where there are deals enough."""
    middle, low, high = (row[f"{WORTH}_difference{end}_amount"] for end in ("", "_low", "_high"))
    if middle is None:
        return ""
    if middle == low == high == 0:
        return SAME
    ends = "" if low is None else f" ({_ends(_signed(middle, currency), *(_signed(x, currency) for x in (low, high)))})"
    return f"{_signed(middle, currency)}{ends}"


def _signed(amount, currency: str) -> str:
    return f"{'-' if amount < 0 else '+'}{money(abs(amount), currency)}"


def _ends(middle: str, low: str, high: str) -> str:
    """An interval's bounds; their unit is told where it is another than the middle's."""
    unit = middle.rsplit(" ", 1)[-1]
    if low.endswith(f" {unit}") and high.endswith(f" {unit}"):
        low, high = (end.removesuffix(f" {unit}").replace("₹", "") for end in (low, high))
    return f"{low} to {high}"


def _work(row: dict) -> str:
    if row["handovers_per_rep_week"] is None:
        return "unknown"
    low, high = (row[f"handovers_per_rep_week_{end}"] for end in ("low", "high"))
    return f"{row['handovers_per_rep_week']:.2f} ({low:.2f} to {high:.2f})"


def _amount(row: dict, name: str, currency: str) -> str:
    """₹5.40 crore (3.45 to 7.78); units of the bounds are told where they are others."""
    middle = _money(row[f"{name}_amount"], currency)
    if row[f"{name}_low_amount"] is None:
        return middle
    ends = (money(row[f"{name}_{end}_amount"], currency) for end in ("low", "high"))
    return f"{middle} ({_ends(middle, *ends)})"


def _known(number: int | None) -> str:
    return "unknown" if number is None else count(number)


def _money(amount, currency: str) -> str:
    return "unknown" if amount is None else money(amount, currency) if amount else "nothing"


def _wrapped(sentences: list[str]) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False
        )
    ]


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell, each cell at its left."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        f"  {'  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))}".rstrip() for row in rows
    ]
