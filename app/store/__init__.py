"""The desk's own memory: SQLite, the only place with SQL in it. Records go in and come out; rows never leave."""

from app.store.store import Store

__all__ = ["Store"]
