"""What buyers object to: how often, in whose words, and what marketing answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Objection:
    """One category: its share of all, the sheet's words, the buyer's own, and how often it takes the rep unawares.

    answer: what marketing changes when it answers, blank for what it cannot; lost_for: why deals are lost for it.
    """

    share: float
    typed: tuple[str, ...]
    said: tuple[str, ...]
    surprises: float
    answer: str = ""
    lost_for: str = ""


OBJECTIONS = {
    "price": Objection(
        0.24,
        ("Price too high", "Price too high", "Too expensive"),
        ("a quarter above the other offer", "budget was made for the cheaper make", "asks what the extra money buys"),
        0.03,
        "Pricing page shows cost over ten years beside the purchase price",
        "Price",
    ),
    "delivery time": Objection(
        0.15,
        ("Delivery time", "Lead time too long"),
        (
            "fourteen weeks is too long for the shut-down",
            "needs the skid before the monsoon",
            "another make is ex stock",
        ),
        0.05,
        "Product sheets name the models held in stock",
        "Delivery time",
    ),
    "service network": Objection(
        0.11,
        ("No local service", "Service network"),
        (
            "nobody within a day's drive to repair it",
            "who commissions it at the site?",
            "last make took weeks to send a fitter",
        ),
        0.3,
        "New page with service partners by district",
    ),
    "warranty terms": Objection(
        0.1,
        ("Warranty unclear", "Warranty terms"),
        (
            "does the warranty hold with slurry?",
            "wants two years on the seal",
            "terms in the sheet and the offer differ",
        ),
        0.25,
        "Warranty sheet rewritten, one page for each product line",
    ),
    "commercial terms": Objection(
        0.09,
        ("Payment terms",),
        ("no advance with the order", "wants ninety days", "asks for a letter of credit"),
        0.08,
        "Offer sheet explains the three ways to pay",
        "Payment terms",
    ),
    "technical proof": Objection(
        0.11,
        ("Efficiency data missing", "No reference in our industry"),
        ("no curve at part load", "wants to see one running in a like plant", "test certificate was not attached"),
        0.12,
        "Case studies and test curves on every product page",
        "Technical mismatch",
    ),
    "incumbent supplier": Objection(
        0.12,
        ("Happy with present supplier",),
        (
            "spares for the old make are in the store",
            "rate contract runs until next year",
            "operators know the old pumps",
        ),
        0.04,
        "Comparison sheet for replacing pumps one by one",
        "Lost to competitor",
    ),
    "timing": Objection(
        0.08,
        ("Project on hold",),
        ("board has moved it to next year", "civil work is not finished", "waits for the pollution board"),
        0.05,
    ),
}
UNMAPPED = ("Other", "Will revert", "Colour of paint", "Sends enquiry again")
# frequent in the sheet, answerable by a page, and rarely the reason why a deal is lost
MAY_RECEDE = ("service network", "warranty terms", "commercial terms", "technical proof")
