"""The system's programs: what comes back, and in which words they fail."""

import pytest

from agent.box.tools.programs import ProgramTrouble, run


def test_what_it_writes_comes_back() -> None:
    finished = run(("sh", "-c", "cat; echo err >&2"), timeout=20, stdin="in")
    assert (finished.code, finished.out, finished.err) == (0, "in", "err\n")


def test_its_words_are_not_translated() -> None:
    assert run(("sh", "-c", "echo $LC_ALL $HOME"), timeout=20).out == "C\n"


def test_an_exit_code_may_mean_something() -> None:
    assert run(("sh", "-c", "exit 3"), timeout=20, fine=(0, 3)).code == 3


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ("echo one >&2; echo two >&2; echo out; exit 1", 1, "sh: two"),
        ("echo only; exit 4", 4, "sh: only"),
        (
            r"printf 'one\ntwo\n\tthree\n\n  four\n' >&2; exit 1",
            1,
            "sh: two three four",
        ),  # as mkfs.ext4 breaks its lines
        (r"printf '\tone\n\ttwo' >&2; exit 1", 1, "sh: one two"),
        ("exit 5", 5, "sh: ended with code 5"),
        ("kill -9 $$", -9, "sh: ended with code -9"),
        ("printf 'a\\033[31m\\377' >&2; exit 1", 1, "sh: a [31m\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_trouble_has_its_last_words(script: str, code: int, words: str) -> None:
    with pytest.raises(ProgramTrouble) as caught:
        run(("/bin/sh", "-c", script), timeout=20)
    assert (caught.value.code, str(caught.value)) == (code, words)


def test_a_program_that_does_not_end_is_ended() -> None:
    with pytest.raises(ProgramTrouble, match="sleep: did not end within 0 s") as caught:
        run(("sleep", "60"), timeout=0.1)
    assert caught.value.code is None


def test_a_program_that_is_not_there_is_trouble_like_any_other() -> None:
    with pytest.raises(ProgramTrouble, match="no-such-program: no such file or directory") as caught:
        run(("no-such-program",), timeout=20)
    assert caught.value.code is None
