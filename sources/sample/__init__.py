"""The embedded sample: invented publications in real formats, made from a seed. Everything made from it says SAMPLE DATA."""

from __future__ import annotations

from sources.sample.info import SEED, SampleInfo
from sources.sample.make import make_sample

__all__ = ["SEED", "SampleInfo", "make_sample"]
