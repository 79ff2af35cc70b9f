"""One buying account and one person: which records of the sources are the same."""

from onefunnel.identity.write import write_identity

__all__ = ["write_identity"]
