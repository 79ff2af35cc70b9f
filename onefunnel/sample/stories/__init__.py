"""Planted stories: what goes wrong at Sahyadri, by name, for the pipeline to find.

A story bends what the generator is about to do and returns what it did for the truth. To add one,
subclass Story, override the hooks it needs and add it to STORIES; each has its own random stream.
"""

from onefunnel.sample.stories.buyers import ObjectionReceded
from onefunnel.sample.stories.channels import BadFitCampaign, BarrenChannel, FlatteringCloser
from onefunnel.sample.stories.sales import BetterDefinition, MetByNight, SilentRep
from onefunnel.sample.stories.story import Story

__all__ = ["STORIES", "SilentRep", "Story"]

STORIES: tuple[type[Story], ...] = (
    BadFitCampaign,
    SilentRep,
    BarrenChannel,
    FlatteringCloser,
    MetByNight,
    BetterDefinition,
    ObjectionReceded,
)
