"""Text from outside, made fit for a log, a page or a terminal where it enters. No I/O."""

import re
from collections.abc import Iterable

# C0, C1, line and paragraph separators, bidirectional overrides, zero-width and byte-order marks, lone surrogates
_FORBIDDEN = (
    r"\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u180e\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069"
    r"\ufeff\ud800-\udfff"
)
_UNPRINTABLE = re.compile(f"[{_FORBIDDEN}]+")
PLAIN = rf"\A[^{_FORBIDDEN}]*\Z"  # what `plain` can give
_HIDDEN = "(hidden)"
_LONG_SECRET = 4  # characters; a longer one is in no text by chance
LONG_TEXT = 4000  # characters; eight reasons why a file is refused, a paragraph each


def plain(text: str, limit: int) -> str:
    """`text` on one line without control characters, at most `limit` characters, cut with an ellipsis."""
    line = " ".join(_UNPRINTABLE.sub(" ", text[: limit * 4]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def plain_lines(text: str, limit: int = LONG_TEXT) -> str:
    """`text` line by line as `plain` has it, without empty lines; at most `limit` characters in all."""
    cleaned = (plain(line, limit) for line in text[: limit * 4].splitlines())
    lines = "\n".join(line for line in cleaned if line)
    return lines if len(lines) <= limit else lines[: limit - 1].rstrip() + "…"


def quoted(text: str) -> str:
    """Somebody else's words inside a sentence of ours: in quotation marks, without a full stop of their own."""
    return f"“{text.rstrip('.;:, ')}”"


def sentence(words: str) -> str:
    """`words`, which may be somebody else's, with a full stop, unless they end in a mark of their own."""
    return words if words.endswith((".", "!", "?", "…")) else words + "."


def opened(reason: str) -> str:
    """A reason as a sentence: with a capital at its beginning and a full stop at its end."""
    return sentence(reason[:1].upper() + reason[1:])


def duration(seconds: float) -> str:
    """A length of time as people say it: "45 seconds", "3 minutes", "2 minutes 30 seconds", "2 hours"."""
    rest = round(seconds)
    parts = []
    for name, size in (("hour", 3600), ("minute", 60), ("second", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "0 seconds"


def without(text: str, secrets: Iterable[str]) -> str:
    """`text` with every secret blotted out, longest first.

    One of 2 or 3 characters is blotted out where it stands as a word of its own: within others it is there by
    chance. A shorter one, or such a number, is no secret: every room would be hidden, and tell it by that.
    """
    for secret in sorted(filter(_can_be_hidden, secrets), key=len, reverse=True):
        if len(secret) >= _LONG_SECRET:
            text = text.replace(secret, _HIDDEN)
        else:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _HIDDEN, text)
    return text


def _can_be_hidden(secret: str) -> bool:
    return len(secret) >= _LONG_SECRET or (len(secret) >= 2 and not secret.isdecimal())
