"""A file with new values keeps its comments, and always says what it should."""

import sys
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.foundation.errors import UserMistake
from agent.laptop.extra import extra
from agent.laptop.interviewing import interviewed
from agent.laptop.keeping import kept
from provisioning.interview import Interview
from tests.provisioning.text import COMPLETE, MINIMAL, TRUSTING

COMMENTED = COMPLETE.replace("[doors]", "[doors]  # all of them\n# the pool has no number\n")


def changed(text: str, **sections: object) -> str:
    return kept(text, {**tomllib.loads(text), **sections})


def test_nothing_changed_is_the_same_text_to_the_letter() -> None:
    for text in (COMMENTED, MINIMAL, TRUSTING, MINIMAL.replace("\n", "\r\n")):
        assert changed(text) == text


def test_one_new_value_changes_one_line() -> None:
    box = {**tomllib.loads(COMMENTED)["box"], "name": "aurora-bar"}
    before, after = COMMENTED.splitlines(), changed(COMMENTED, box=box).splitlines()
    different = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(old.split()[2], new.split()[2]) for old, new in different] == [('"aurora-desk"', '"aurora-bar"')]
    assert different[0][1].endswith("http://aurora-desk.local/")  # the comment stays, word for word


def test_an_encoder_that_goes_takes_only_itself() -> None:
    bridge = tomllib.loads(COMMENTED)["coder_bridge"]
    text = changed(COMMENTED, coder_bridge={**bridge, "encoders": bridge["encoders"][:1]})
    assert "Front desk right" not in text
    assert "# the pool has no number" in text


def test_new_sections_and_encoders_are_added() -> None:
    bridge = tomllib.loads(MINIMAL)["coder_bridge"]
    new = {"name": "Bar", "identifier": "2", "key_cutters": ["2"]}
    wanted = {
        **tomllib.loads(MINIMAL),
        "coder_bridge": {**bridge, "encoders": [*bridge["encoders"], new]},
        "console": {"code": "k7mp-3xqd"},
        "printers": [{"name": "P", "uri": "ipp://10.4.5.30/ipp"}],
        "doors": {"POOL": {"area": "3"}},
    }
    text = kept(MINIMAL, wanted)
    assert tomllib.loads(text) == wanted
    assert text.startswith(MINIMAL.splitlines()[0])


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([COMMENTED, MINIMAL, TRUSTING]), st.sampled_from([COMMENTED, MINIMAL, TRUSTING]), st.data())
def test_whatever_changes_the_file_says_it(old: str, new: str, data: st.DataObject) -> None:
    wanted = tomllib.loads(new)
    for name in data.draw(st.sets(st.sampled_from(sorted(wanted)), max_size=3)):
        del wanted[name]
    assert tomllib.loads(kept(old, wanted)) == wanted


@pytest.mark.parametrize(
    "old",
    [
        'coder_bridge = { encoders = [{ name = "A" }] }\n',
        'box.name = "a"\nbox.timezone = "b"\n',
        '[a.b]\nc = 1\n[box]\nname = "x"\n[a]\nd = 2\n',
        "printers = []\n",
    ],
)
def test_a_file_that_is_written_in_another_way_is_still_right(old: str) -> None:
    wanted = tomllib.loads(MINIMAL)
    assert tomllib.loads(kept(old, wanted)) == wanted


def test_the_interview_over_a_file_keeps_what_was_not_asked_for() -> None:
    asked = list[str]()

    def ask(words: str, is_secret: bool) -> str:
        asked.append(words)
        return ""

    text = interviewed(COMMENTED.encode(), ask, asked.append).decode()
    talk = Interview(COMMENTED.encode(), lambda letters: letters[0])
    while talk.question is not None:
        talk.answer("")
    difference = set(text.splitlines()) - set(COMMENTED.splitlines())
    assert {line.split(" = ")[0] for line in difference if line} <= {"code", "password", "acting", "[console]"}


def test_a_missing_package_is_one_sentence_with_what_to_install() -> None:
    assert "no_such_package" not in sys.modules
    with pytest.raises(
        UserMistake, match=r"Signing needs the package no_such_package: run pip install 'nightporter"
    ):
        extra("no_such_package.inside", "Signing")
