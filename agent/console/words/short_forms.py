"""Verbs may be typed as short as they are clear: `st` is status. Only verbs, never a name of something. Pure."""

from collections.abc import Iterable, Sequence

from agent.console.words.verbs import VERBS
from agent.foundation.errors import UserMistake


def spelled_out(words: Sequence[str], names: Iterable[str] = tuple(VERBS)) -> list[str]:
    """The words with the verb's own in full, in small letters. Raises `UserMistake` for what several begin with.

    What no verb begins with stays as it is.
    """
    known = [name.split() for name in names]
    out: list[str] = []
    for count, word in enumerate(words[:2]):
        following = dict.fromkeys(name[count] for name in known if len(name) > count and name[:count] == out)
        if not following or (count and not _goes_on(known, out)):
            break
        full = _full(word.lower(), list(following))
        if full is None:
            break
        out.append(full)
    return [*out, *words[len(out) :]]


def _goes_on(known: Iterable[Sequence[str]], out: Sequence[str]) -> bool:
    return any(len(name) > len(out) and list(name[: len(out)]) == list(out) for name in known)


def _full(word: str, following: Sequence[str]) -> str | None:
    if word in following:
        return word
    found = [each for each in following if each.startswith(word)] if word else []
    if len(found) > 1:
        raise UserMistake(f"{word} may be {' or '.join(found)}: write a letter more.")
    return found[0] if found else None
