"""Mews' ids as people write them: a GUID is the same in capitals, in small letters and in braces. Pure."""


def same_id(text: str) -> str:
    """The one spelling by which two ids are compared: trimmed, without braces around it, without case."""
    trimmed = text.strip()
    if trimmed.startswith("{") and trimmed.endswith("}"):
        trimmed = trimmed[1:-1].strip()
    return trimmed.casefold()
