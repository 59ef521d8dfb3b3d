"""Which known word was probably meant by another one: in a file, on a command line, at a simulator. Pure.

Must never guess at a meaning: only slips of the finger, and words that are begun and not ended.
"""

import re
from collections.abc import Iterable, Sequence

_SHORT, _TINY = 6, 3  # letters; below that two slips, or one, make another word
_MOST = 2  # slips that still make it the same word
_LONGEST = 60  # letters that are compared; no name of ours has half as many
_BETWEEN = re.compile(r"[-_/ ]+")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is at most two slips away (one in a short word); else the only one that begins with this
    word, or has a part that is as near to it; else None.

    A slip is a letter too many, too few, wrong, or swapped with the next. Case, `_` for `-` and a flag's dashes do
    not count.
    """
    wanted = _bare(word)
    names = tuple(known)
    slips = {name: _slips(wanted, _bare(name)) for name in names}
    if near := [name for name in names if slips[name] <= _most(wanted)]:
        return min(near, key=slips.__getitem__)
    whole = [name for name in names if _is_part(wanted, _bare(name))]
    return whole[0] if len(whole) == 1 else None


def _bare(word: str) -> str:
    return _BETWEEN.sub("-", word.casefold()[:_LONGEST]).lstrip("-")


def _most(word: str) -> int:
    return 0 if len(word) < _TINY else 1 if len(word) < _SHORT else _MOST


def _is_part(word: str, name: str) -> bool:
    return len(word) > 1 and (
        name.startswith(word) or any(_slips(word, part) <= _most(word) for part in name.split("-"))
    )


def _slips(one: Sequence[str], other: Sequence[str]) -> int:
    """How many slips make one word of the other (the distance of optimal string alignment).

    More than count are not counted to their end: of words so different in length each letter too many is one, and
    words that are apart by then do not come together again.
    """
    if (longer := abs(len(one) - len(other))) > _MOST:
        return longer
    if len(set(one) ^ set(other)) > 2 * _MOST:  # a slip takes one letter away and brings another at most
        return _MOST + 1
    row, before = list(range(len(other) + 1)), list[int]()
    for i, letter in enumerate(one):
        above, before, row = before, row, [i + 1]
        for j, wanted in enumerate(other):
            row.append(min(before[j] + (letter != wanted), before[j + 1] + 1, row[j] + 1))
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                row[-1] = min(row[-1], above[j - 1] + 1)
        if min(row) > _MOST <= min(before):
            return min(row)
    return row[-1]
