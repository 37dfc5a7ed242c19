"""The five systems on loopback: one process, one port per system, one world behind them.

Each vendor is an ASGI app of its own (``connectors.sandbox.<system>.build(world)``) that answers the wire contract,
quirks and error shapes included. All of them read the same :class:`~connectors.sandbox.world.World` and keep what is
written to them in memory. Nothing here is imported by the desk.
"""
