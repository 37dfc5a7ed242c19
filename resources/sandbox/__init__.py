"""The sandbox's world as files: ``assets.toml`` describes ``assets/``; ``templates/`` is what the composer composes."""
