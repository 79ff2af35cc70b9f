"""The company's own people."""

from __future__ import annotations

import numpy as np

REPS = tuple(f"U{n:02d}" for n in range(3, 15))
MARKETERS = ("U16", "U17", "U18", "U19")
DESK_REPS = ("EX-2", "EX-3", "EX-4", "EX-5")
DESK_MARKETER = "EX-6"
ROBOT = "U20"


def crm_users() -> list[tuple]:
    """user_id, name, team, manager_id of the CRM: twelve reps, their head, marketing, others."""
    people = iter(
        (
            "Nandini Gokhale",
            "Rajesh Pillai",
            *_REP_NAMES,
            "Farah Merchant",
            *_MARKETING_NAMES,
            "Automation",
            "Service Desk",
        )
    )
    rows = [("U01", next(people), "other", ""), ("U02", next(people), "sales", "U01")]
    rows += [(u, next(people), "sales", "U02") for u in REPS]
    rows += [("U15", next(people), "marketing", "U01")]
    rows += [(u, next(people), "marketing", "U15") for u in MARKETERS]
    return rows + [("U20", next(people), "other", ""), ("U21", next(people), "other", "U01")]


_REP_NAMES = (
    "Amol Jadhav",
    "Kavita Rao",
    "Sameer Khan",
    "Deepa Nair",
    "Harish Patel",
    "Tanvi Shah",
    "Uday Shinde",
    "Joseph Thomas",
    "Rekha Iyer",
    "Vinod Yadav",
    "Shilpa Desai",
    "Manoj Das",
)
_MARKETING_NAMES = ("Gauri Sawant", "Nikhil Menon", "Priya Banerjee", "Zubin Daruwala")


def desk_users() -> list[tuple]:
    """user_id, name, team, manager_id of the export desk."""
    return [
        ("EX-1", "Imran Sheikh", "sales", ""),
        ("EX-2", "Lalit Mehta", "sales", "EX-1"),
        ("EX-3", "Anjali DSouza", "sales", "EX-1"),
        ("EX-4", "Mohan Reddy", "sales", "EX-1"),
        ("EX-5", "Hema Trivedi", "sales", "EX-1"),
        ("EX-6", "Jaya Kulkarni", "marketing", "EX-1"),
    ]


def draw_reps(rng: np.random.Generator, n: int) -> np.ndarray:
    """n of the CRM's reps, each as likely as the others."""
    return np.array(REPS, dtype=object)[rng.integers(0, len(REPS), n)]
