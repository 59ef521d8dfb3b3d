"""Whatever is in a file: a Reading comes back, and no secret of the file is in any of its problems."""

import string
import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioning.problems import Level
from provisioning.read import Reading, read
from tests.provisioning.text import COMPLETE

CANARIES = ("cAn4ry-connector-0001", "cAn4ry-bridge-0002", "cAn4ry-visionline-0003")
FILE = (
    COMPLETE.replace("C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D", CANARIES[0])
    .replace("copper lamp 2093", CANARIES[1])
    .replace("silver spoon 5518", CANARIES[2])
)
LINES = FILE.splitlines(keepends=True)
BYTES = FILE.encode()
JUNK = st.sampled_from(
    [
        "",
        "\x00",
        '"',
        "[",
        "]",
        "{",
        "=",
        ".",
        "\n",
        "#",
        "@",
        "9" * 300,
        "\u202e",
        "://",
        "usb",
        " ",
        "true",
        "ß",
        "...",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.sampled_from(
            ["true", "1", "-0.5", "nan", "2026-01-01", "07:32:00", '""', '"..."', '"\\u0000"', '"a@b"']
        ),
        st.text(string.ascii_letters + string.digits + ":/.[]-_ ?#@", max_size=30).map(lambda text: f'"{text}"'),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: f"[{', '.join(values)}]"),
        inner.map(lambda value: f"{{ name = {value} }}"),
    ),
    max_leaves=4,
)
UNHURRIED = settings(deadline=None)  # a machine busy with other tests is no failure
ASSIGNMENTS = [at for at, line in enumerate(LINES) if " = " in line and not line.startswith("#")]


def assert_holds(reading: Reading) -> None:
    assert (reading.provisioning is None) == any(problem.level is Level.ERROR for problem in reading.problems)
    assert all(problem.line.isprintable() for problem in reading.problems)
    assert all(problem.line_number or problem.path == "file" for problem in reading.problems)


def assert_tells_nothing(reading: Reading) -> None:
    assert not [problem for problem in reading.problems for canary in CANARIES if canary in problem.line]


@UNHURRIED
@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe[\x00b\x00o\x00x\x00]\x00")
def test_any_bytes_give_a_reading(text: bytes) -> None:
    assert_holds(read(text))


@UNHURRIED
@given(st.integers(0, len(BYTES)), st.integers(0, 60), st.binary(max_size=20))
def test_a_file_with_a_piece_overwritten_gives_a_reading_without_secrets(at: int, length: int, new: bytes) -> None:
    reading = read(BYTES[:at] + new + BYTES[at + length :])
    assert_holds(reading)
    assert_tells_nothing(reading)


@UNHURRIED
@given(st.integers(0, len(FILE)), JUNK, st.integers(0, len(FILE)), JUNK)
def test_a_file_with_junk_in_two_places_gives_a_reading_without_secrets(
    one: int, first: str, two: int, second: str
) -> None:
    low, high = sorted((one, two))
    reading = read((FILE[:low] + first + FILE[low:high] + second + FILE[high:]).encode())
    assert_holds(reading)
    assert_tells_nothing(reading)


@UNHURRIED
@given(st.lists(st.sampled_from(LINES), max_size=len(LINES)))
def test_lines_left_out_doubled_and_moved_give_a_reading_without_secrets(lines: list[str]) -> None:
    reading = read("".join(lines).encode())
    assert_holds(reading)
    assert_tells_nothing(reading)


@UNHURRIED
@given(st.dictionaries(st.sampled_from(ASSIGNMENTS), VALUES, min_size=1, max_size=6))
def test_any_values_in_any_places_give_a_reading_without_secrets(values: dict[int, str]) -> None:
    lines = [
        f"{line.partition(' = ')[0]} = {values[at]}\n" if at in values else line for at, line in enumerate(LINES)
    ]
    reading = read("".join(lines).encode())
    assert_holds(reading)
    assert_tells_nothing(reading)


def test_a_file_of_another_program_with_very_many_names_is_refused_within_seconds() -> None:
    names = "".join(f"a{number} = 1\n" for number in range(5_000))
    begun = time.process_time()
    assert read(f"{FILE}\n{names}".encode()).provisioning is None
    assert time.process_time() - begun < 5  # s; it took eight, in which an agent that reads it cuts no key


@UNHURRIED
@given(st.sampled_from(ASSIGNMENTS), st.sampled_from(CANARIES))
def test_a_secret_pasted_into_a_wrong_place_as_well_is_not_repeated(at: int, canary: str) -> None:
    # The name and the secret's own line stay, so that the file itself says what is secret.
    name = LINES[at].partition(" = ")[0]
    lines = [*LINES[:at], f'{name} = "{canary}"\n', *LINES[at + 1 :]]
    if name.strip() not in ("connector_token", "password"):
        assert_tells_nothing(read("".join(lines).encode()))
