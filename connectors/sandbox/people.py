"""Who works at Harbour Mutual: the owners of templates and assets, the media team, the people who approve."""

from typing import Final

from connectors.sandbox.world import Person


def _person(full_name: str, login: str, role: str) -> Person:
    return Person(login=login, full_name=full_name, email=f"{login}@harbour-mutual.example", role=role)


PEOPLE: Final = (
    _person("Mira Kovač", "mira.kovac", "template owner"),
    _person("Camille Roux", "camille.roux", "media lead"),
    _person("Lea Moreau", "lea.moreau", "brand reviewer"),
    _person("Tomas Lind", "tomas.lind", "legal reviewer"),
    _person("Anna Berg", "anna.berg", "records manager"),
    _person("Jonas Weber", "jonas.weber", "illustrator"),
    _person("Sofía Ibáñez", "sofia.ibanez", "translator"),
    _person("Karim Haddad", "karim.haddad", "translator"),
    _person("Grace Okafor", "grace.okafor", "support lead"),
    _person("Priya Nair", "priya.nair", "video producer"),
    _person("Eoin Walsh", "eoin.walsh", "operations"),
    _person("Harbour Desk", "harbour.desk", "service account"),
)

SIGNED_IN: Final = PEOPLE[0]
"""Whose credentials the ready file carries."""
