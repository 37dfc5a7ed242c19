"""How personal data is shown until somebody asks to see it."""

DOT = "•"


def masked_mail(address: str) -> str:
    """``i•••@lamer.example``: the first letter and the domain."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}{DOT * 3}@{domain}" if at else DOT * 3


def masked_number(number: str) -> str:
    """``+33 6 •• •• •• 42``: the country, and the last two digits."""
    digits = [char for char in number if char.isdigit()]
    if len(digits) < 6:  # noqa: PLR2004 - too short to hide anything but all of it
        return DOT * 3
    country = f"+{''.join(digits[:2])} " if number.strip().startswith("+") else ""
    return f"{country}{DOT * 2} {DOT * 2} {DOT * 2} {''.join(digits[-2:])}"


def masked_post(address: str) -> str:
    """``14 q••• d••• M•••, 59800 L•••, FR``: numbers and the country stay, words keep their first letter."""
    return " ".join(_masked_word(word) for word in address.split())


def _masked_word(word: str) -> str:
    bare = word.rstrip(",")
    is_code = bare.isupper() and len(bare) == 2  # noqa: PLR2004 - a country's two letters
    if is_code or any(char.isdigit() for char in bare):
        return word
    return f"{bare[:1]}{DOT * 3}{word[len(bare) :]}"
