"""Which of the box's languages a reader gets: what the browser asks for, else what the file says. Pure."""

LANGUAGES = ("en", "de")
_MOST_RANGES = 20  # of a header; a browser sends a handful
_MOST_CHARACTERS = 400


def chosen(accept_language: str, default: str) -> str:
    """The language of ours that `Accept-Language` wants most (RFC 9110, 12.5.4), else `default`.

    Of two that are wanted as much the first one counts. Whatever is no language range is passed over, and a
    region says nothing here: "de-AT" is "de". "*" is the default. A default that is none of ours is English.
    """
    default = default if default in LANGUAGES else LANGUAGES[0]
    best, most = default, 0.0
    for part in accept_language[:_MOST_CHARACTERS].split(",")[:_MOST_RANGES]:
        name, _, parameter = part.strip().partition(";")
        wanted = _language(name.strip().lower(), default)
        weight = _weight(parameter)
        if wanted and weight > most:
            best, most = wanted, weight
    return best


def _language(name: str, default: str) -> str:
    if name == "*":
        return default
    primary = name.partition("-")[0]
    return primary if primary in LANGUAGES else ""


def _weight(parameter: str) -> float:
    """The q of a range, 1 where it has none, 0 where it is not a number from 0 to 1."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    if name.strip().lower() != "q":
        return 0.0
    digits = value.strip()
    if len(digits) > 5 or not digits.replace(".", "", 1).isdecimal() or not digits.isascii():
        return 0.0
    weight = float(digits)
    return weight if weight <= 1 else 0.0
