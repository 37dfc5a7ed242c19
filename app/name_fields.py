"""How a site names what the desk reads there: fields of a connection that are left empty where the usual names hold."""

from collections.abc import Mapping
from typing import Final

from app.form_fields import FormField

_USUAL_IN_THE_ARCHIVE: Final = {
    "country_name": ("Attribute with the country", "Country"),
    "mail_marketing_name": ("Attribute for marketing by mail", "Mail marketing"),
    "sms_marketing_name": ("Attribute for marketing by SMS", "SMS marketing"),
}
_USUAL_AT_THE_COMPOSER: Final = {"locales_name": ("Metadata with a template’s languages", "locales")}


def _fields(usual: Mapping[str, tuple[str, str]]) -> tuple[FormField, ...]:
    return tuple(
        FormField(key=key, label=label, is_required=False, is_advanced=True, help=f"Empty: “{name}”.")
        for key, (label, name) in usual.items()
    )


ARCHIVE_NAMES: Final = _fields(_USUAL_IN_THE_ARCHIVE)
COMPOSER_NAMES: Final = _fields(_USUAL_AT_THE_COMPOSER)


def name_in(settings: Mapping[str, str], key: str) -> str:
    """The name that a connection gives to ``key``; the usual one where it gives none."""
    return settings.get(key) or (_USUAL_IN_THE_ARCHIVE | _USUAL_AT_THE_COMPOSER)[key][1]
