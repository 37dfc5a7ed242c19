"""Fuzzing: generated requests against each system of the sandbox, generated replies against each client."""
