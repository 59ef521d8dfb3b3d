"""Codes that are read off a label and typed: groups of letters and digits that look like no other. Pure."""

from collections.abc import Callable

Choose = Callable[[str], str]  # one letter of these, by chance

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 and o, 1 and i and l
_GROUP = 4
CONSOLE_GROUPS, PAGE_GROUPS = 2, 3  # 39 and 59 bits: the page can be asked by more people, and faster


def code(choose: Choose, groups: int) -> str:
    """A code like k7mp-3xqd."""
    return "-".join("".join(choose(ALPHABET) for _ in range(_GROUP)) for _ in range(groups))
