"""A profile at scale: a million assets and communications, ten million events, for benchmarks and for looking."""

from tests.bench.scale.building import Sizes, build, personal_key
from tests.bench.scale.libraries import made_assets

__all__ = ["Sizes", "build", "made_assets", "personal_key"]
