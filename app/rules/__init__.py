"""Rules of the trade as pure functions: facts in, objections or answers out."""
