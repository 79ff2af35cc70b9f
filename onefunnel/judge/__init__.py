"""The gate's own judge: every verdict again, from the raw lake and the signed agreement."""

from onefunnel.judge.verdict import Rejudged, rejudge

__all__ = ["Rejudged", "rejudge"]
