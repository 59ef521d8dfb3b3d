"""The line of every value, in whatever way TOML lets it be written: found against files that are made up."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.positions import Keys, Positions
from tests.provisioning.text import COMPLETE

NAMES = st.sampled_from(["a", "b-1", '"a b"', "'c.d'", '"\\u0065"', "f"])
GAPS = st.sampled_from(["", " ", "\n", " # a [note]\n  "])
BLANKS = st.sampled_from(["", "\n", "# a = [\n", "  \t\n"])
SCALARS = ('"{}"', "'{}'", '"""\\\n\n{}"""', "'''{}'''", '"\\"{}#"')


def leaves(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Every text of a document, with the names that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*keys, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from leaves(inner, (*keys, at))
    elif isinstance(value, str):
        yield keys, value


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["text", "text", "other", "list", "table"] if depth else ["text"]))
    if kind == "text":
        return draw(st.sampled_from(SCALARS)).replace("{}", "MARK")
    if kind == "other":
        return draw(st.sampled_from(["1.5", "1979-05-27 07:32:00", "true", "-inf", "[]", "{}"]))
    inner = [draw(values(depth - 1)) for _ in range(draw(st.integers(1, 3)))]
    if kind == "list":
        return "[" + "".join(f"{draw(GAPS)}{value}{draw(GAPS)}," for value in inner) + draw(GAPS) + "]"
    return "{ " + ", ".join(f"n{at}.x = {value}" for at, value in enumerate(inner)) + " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A file with sections, lists of sections and dotted names, in which every text is another one."""
    text = ""
    for section in draw(
        st.lists(st.sampled_from(["", "[s{}]", "[[l]]", "[[l.m]]", "[[l.m.k]]", "[l.t{}]"]), max_size=6)
    ):
        if section.startswith(("[[l.", "[l.")) and "[[l]]" not in text:
            section = "[[l]]"
        if section.startswith("[[l.m.k") and "[[l.m]]" not in text.rpartition("[[l]]")[2]:
            section = "[[l.m]]"
        text += f"{draw(BLANKS)}{section.format(len(text))} # of [it]\n" if section else ""
        for at in range(draw(st.integers(0, 3))):
            text += f"{draw(BLANKS)}{draw(NAMES)}.n{len(text)}_{at} = {draw(values())} # = []\n"
    parts = text.split("MARK")
    return "".join(f"{part}v{at}v" for at, part in enumerate(parts[:-1])) + parts[-1]


def line_of(text: str, value: str) -> int:
    mark = value[value.index("v") : value.rindex("v") + 1]
    return text[: text.index(mark)].count("\n") + 1


@settings(deadline=None)
@given(documents())
def test_every_text_of_a_file_is_found_on_its_line(text: str) -> None:
    positions = Positions(text)
    for keys, value in leaves(tomllib.loads(text)):
        # A text in three quotes begins where its quotes do.
        begun = line_of(text, value) - positions.line(keys)
        assert begun in ((0, 2) if '"""' in text else (0,))


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("format",), 5),
        (("box", "name"), 8),
        (("box",), 7),
        (("coder_bridge", "encoders", 0), 46),
        (("coder_bridge", "encoders", 1, "key_cutters", 1), 55),
        (("visionline", 0, "encoders", 0, "identifier"), 69),
        (("doors", "POOL", "area"), 74),
        (("printers", 0, "uri"), 79),
        (("printers", 0, "password"), 77),
        (("limits", "nothing", "in", "there"), 88),
        (("nothing",), 122),
        ((), 122),
    ],
)
def test_what_is_not_there_has_the_line_of_what_it_is_missing_in(keys: Keys, line: int) -> None:
    assert Positions(COMPLETE).line(keys) == line
