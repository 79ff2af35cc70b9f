"""Which records are the same account and the same person, and by which rule."""

from onefunnel.identity.match import Matches, match
from onefunnel.identity.write import write_identity

__all__ = ["Matches", "match", "write_identity"]
