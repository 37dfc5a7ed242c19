"""How properties of rules are tried: as often as usual, and without a stop-watch."""

from hypothesis import settings

# A rule is pure, so a slow example is a busy machine, and never the rule's own doing.
settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
