"""The embedded sample: invented publications in real formats, made from a seed. Everything made from it says SAMPLE DATA."""

from __future__ import annotations

from sources.sample.make import SEED, SampleInfo, make_sample

__all__ = ["SEED", "SampleInfo", "make_sample"]
