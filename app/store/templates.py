"""Templates as the composer offers them: few, so they are replaced as one set."""

from collections.abc import Iterable

from sqlite_utils import Database

from app.records import Template, TemplateId
from app.store.rows import pack, unpack


def replace_all(db: Database, templates: Iterable[Template]) -> bool:
    """Make ``templates`` all there are; whether that changed anything."""
    rows = sorted((template.id, template.name, pack(template)) for template in templates)
    if rows == db.execute("SELECT id, name, record FROM templates ORDER BY id").fetchall():
        return False
    db.execute("DELETE FROM templates")
    db.conn.executemany("INSERT OR REPLACE INTO templates (id, name, record) VALUES (?, ?, ?)", rows)
    return True


def every(db: Database) -> tuple[Template, ...]:
    """All templates by name."""
    rows = db.execute("SELECT record FROM templates ORDER BY name COLLATE NOCASE, id")
    return tuple(unpack(record, Template) for (record,) in rows)


def find(db: Database, template: TemplateId) -> Template | None:
    """The template ``template``."""
    row = db.execute("SELECT record FROM templates WHERE id = ?", [template]).fetchone()
    return unpack(row[0], Template) if row else None
