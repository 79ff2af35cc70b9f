"""The gate's own judge: every verdict again, from the raw lake and the signed agreement."""

from onefunnel.judge.verdict import WANTED, Rejudged, judge_leads, rejudge

__all__ = ["WANTED", "Rejudged", "judge_leads", "rejudge"]
