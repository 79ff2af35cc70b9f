"""What the sample company's two heads agreed, repeated by hand so that the truth stays independent.

A test holds these numbers against agreement/*.csv; the product itself never reads this file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefunnel.sample.clock import NEVER, ist


@dataclass(frozen=True)
class Version:
    """One version: bands are inclusive, behaviours are (kind, at least, within days), the target is a percentage."""

    number: int
    starts_at: int
    employees: tuple[int, int]
    revenue: tuple[float, float]
    behaviours: tuple[tuple[str, int, int], ...]
    countries: tuple[str, ...]
    contact_within_hours: int
    contact_target: int


COUNTRIES = ("India", "United Arab Emirates", "Saudi Arabia", "Bangladesh", "Nepal", "Sri Lanka", "Kenya")
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
        12,
        70,
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
        COUNTRIES,
        8,
        75,
    ),
)
# not signed; what decides who buys where the story better_definition is told
DRAFT = Version(
    3,
    NEVER,
    (200, 5000),
    (50e7, 1000e7),
    (
        ("demo_request", 1, 60),
        ("pricing_page", 2, 30),
        ("call_in", 1, 60),
        ("whatsapp_in", 2, 60),
        ("fair", 1, 60),
        ("webinar", 2, 60),
    ),
    COUNTRIES,
    8,
    75,
)


def in_force(at: np.ndarray) -> np.ndarray:
    """The index in VERSIONS of the version in force at each instant."""
    return (np.asarray(at) >= VERSIONS[1].starts_at).astype(int)
