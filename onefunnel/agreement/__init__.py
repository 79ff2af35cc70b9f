"""The agreement: what both sides signed, as data."""

from onefunnel.agreement.check import check_agreement
from onefunnel.agreement.load import Agreement, agreement_hash, in_force_at, read_agreement

__all__ = ["Agreement", "agreement_hash", "check_agreement", "in_force_at", "read_agreement"]
