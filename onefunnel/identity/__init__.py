"""Which records are the same account and the same person, and by which rule."""

from onefunnel.identity.match import Matches, match

__all__ = ["Matches", "match"]
