"""What the attribution models' rows must be to each other."""

from __future__ import annotations

from decimal import Decimal

from onefunnel.agreement.load import Agreement, stop_once
from onefunnel.errors import Stop

# what each model needs, no more and no less
ITEMS = {
    "all": {"lookback_days"},
    "u_shaped": {"first", "lead", "rest"},
    "w_shaped": {"first", "lead", "opportunity", "rest"},
    "full_path": {"first", "lead", "opportunity", "won", "rest"},
    "time_decay": {"half_life_days"},
}
FILE = "attribution_models"


def check_models(agreement: Agreement) -> None:
    """Every model has its items once, whole days are whole and each model's weights add up to 100."""
    stop_once(agreement, FILE, lambda line: (line.model, line.item), "item")
    for model, items in ITEMS.items():
        lines = {line.item: line for line in agreement.rows[FILE] if line.model == model}
        for item, line in lines.items():
            _item(agreement, model, items, item, line)
        for item in sorted(items - set(lines)):
            raise Stop(
                "agreement_attribution",
                f"{FILE}.csv, column item: {model} has no row for '{item}'",
                f"add the row {model}, {item}, <value>",
            )
        if "rest" in items and sum((line.value for line in lines.values()), Decimal(0)) != 100:
            total = sum((line.value for line in lines.values()), Decimal(0))
            raise Stop(
                "agreement_attribution",
                f"{agreement.where(FILE, lines['rest'])}, column value: {model} adds up to {total}, not 100",
                "mend its rows; each is a percentage",
            )


def _item(agreement: Agreement, model: str, items: set[str], item: str, line) -> None:
    where = agreement.where(FILE, line)
    if item not in items:
        raise Stop(
            "agreement_attribution",
            f"{where}, column item: {model} has no '{item}'",
            f"{model} takes: {', '.join(sorted(items))}",
        )
    if item.endswith("_days") and line.value != line.value.to_integral_value():
        raise Stop("agreement_attribution", f"{where}, column value: {line.value} must be whole days", "mend it")
