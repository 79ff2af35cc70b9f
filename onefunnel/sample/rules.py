"""What the sample company's two heads agreed, repeated by hand so that the truth stays independent.

A test holds these numbers against agreement/*.csv; the product itself never reads this file.
"""

from __future__ import annotations

from dataclasses import dataclass

from onefunnel.sample.clock import ist


@dataclass(frozen=True)
class Version:
    """One signed version: bands are inclusive, behaviours are (kind, at least, within days)."""

    number: int
    starts_at: int
    employees: tuple[int, int]
    revenue: tuple[float, float]
    behaviours: tuple[tuple[str, int, int], ...]
    countries: tuple[str, ...]


VERSIONS = (
    Version(
        1,
        ist(2023, 4, 1),
        (50, 5000),
        (10e7, 1000e7),
        (
            ("demo_request", 1, 90),
            ("pricing_page", 2, 30),
            ("call_in", 1, 60),
            ("whatsapp_in", 1, 60),
        ),
        (),
    ),
    Version(
        2,
        ist(2024, 10, 7),
        (100, 5000),
        (25e7, 1000e7),
        (
            ("demo_request", 1, 90),
            ("pricing_page", 2, 30),
            ("call_in", 1, 60),
            ("whatsapp_in", 2, 60),
            ("fair", 1, 60),
        ),
        (
            "India",
            "United Arab Emirates",
            "Saudi Arabia",
            "Bangladesh",
            "Nepal",
            "Sri Lanka",
            "Kenya",
        ),
    ),
)
