"""One verdict on a file: check, the agent and a box agree, and each of its sentences leads to the right file."""

from pathlib import Path

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.check import Judgement, beside, by_plain_name, judge
from agent.foundation.reading.text import LONG_TEXT, plain
from agent.mews.reading.values import NAME_LIMIT
from provisioning.check import check
from provisioning.problems import Level
from provisioning.read import read
from provisioning.rules.doors import LOCK_CHARACTERS
from tests.provisioning.text import COMPLETE, EXAMPLES, minimal
from tests.whole_hotel import Hotel

SITE = 'profile = "site.toml"\nactive = true'
PROFILE = 'base = "coder-bridge-v2"\n'
BAD = PROFILE + "\n[limits]\nkey_seconds = { value = 3, confirmed = true, source = 'guess' }\n"
EXAMPLE_FILES = {
    path.name: path.read_bytes() for folder in ("invalid", "doubtful") for path in (EXAMPLES / folder).iterdir()
}


def judged(folder: Path, text: str, profile: str | None = None) -> Judgement:
    path = folder / "hotel.toml"
    path.write_text(text)
    if profile is not None:
        (folder / "site.toml").write_text(profile)
    return judge(path.read_bytes(), beside(path))


def lines(judgement: Judgement, level: Level = Level.ERROR) -> list[str]:
    return [problem.line.removeprefix(level).strip() for problem in judgement.problems if problem.level is level]


def test_a_profile_that_is_not_there_is_an_error_on_the_line_that_names_it(tmp_path: Path) -> None:
    [line] = lines(judged(tmp_path, minimal("active = true", SITE)))
    assert line == (
        'line 14, coder_bridge.profile: there is no file "site.toml". '
        'Put it beside the provisioning file, or write "coder-bridge-v2"'
    )


def test_a_profile_that_cannot_be_read_is_an_error_on_the_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()
    [line] = lines(judged(tmp_path, minimal("active = true", SITE)))
    assert line.startswith('line 14, coder_bridge.profile: "site.toml" cannot be read (is a directory)')


def test_a_mistake_in_a_profile_is_told_with_that_file_and_its_line(tmp_path: Path) -> None:
    [line] = lines(judged(tmp_path, minimal("active = true", SITE), BAD))
    assert line.startswith("site.toml, line 4, limits.key_seconds: ")


def test_a_good_profile_is_read_once_and_handed_on(tmp_path: Path) -> None:
    found = judged(tmp_path, minimal("active = true", SITE), PROFILE)
    assert found.profile is not None
    assert (found.profile.name, found.profile_text) == ("site", PROFILE.encode())


def test_a_profile_that_ships_with_the_box_has_no_text_to_be_kept(tmp_path: Path) -> None:
    found = judged(tmp_path, minimal())
    assert found.profile is not None
    assert found.profile_text is None


def test_a_box_finds_a_profile_by_its_plain_name_alone(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(PROFILE)
    read_profile = by_plain_name(lambda name: tmp_path / name)
    assert read_profile("./site.toml") == PROFILE.encode()
    for name in ("../site.toml", "profiles/site.toml", "/etc/site.toml", "provisioning.toml"):
        with pytest.raises(FileNotFoundError):
            read_profile(name)


def test_a_file_without_coder_bridge_has_no_profile(tmp_path: Path) -> None:
    found = judged(tmp_path, minimal().partition("[coder_bridge]")[0])
    assert found.provisioning is not None
    assert found.profile is None


def test_what_this_version_would_not_do_is_a_warning_before_it_is_tried(tmp_path: Path) -> None:
    text = COMPLETE.replace('"2016"  ', '"current"').replace("connector_token =", "access_token =", 1)
    text = text.replace("# client_token", 'client_token = "' + "A" * 32 + "-" + "B" * 31 + '" #')
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("allow_unconfirmed"))
    assert [each.partition(": ")[0] for each in lines(judged(tmp_path, text), Level.WARNING)] == [
        f"line {line}, coder_bridge.allow_unconfirmed",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("active = true", "active = true\nallow_unconfirmed = true"),
        ("active = true", "active = false"),
    ],
)
def test_unconfirmed_calls_are_no_news_where_they_are_allowed_or_nothing_is_called(
    tmp_path: Path, old: str, new: str
) -> None:
    assert not [
        line for line in lines(judged(tmp_path, minimal(old, new)), Level.WARNING) if "no key is cut" in line
    ]


@pytest.mark.parametrize("content", EXAMPLE_FILES.values(), ids=EXAMPLE_FILES)
def test_check_the_agent_and_a_box_agree_on_every_example(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "provisioning.toml"
    path.write_bytes(content)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "site.toml").write_text(PROFILE)
    found = judge(content, beside(path))
    checked = check(path, lambda text: judge(text, beside(path)).reading)
    assert (checked.exit_code == 0) == (found.provisioning is not None) == (read(content).provisioning is not None)
    if "profile" not in content.decode("utf-8", "replace"):
        assert judge(content, by_plain_name(lambda name: None)) == found


@pytest.mark.parametrize(
    ("more", "profile"),
    [
        ('[page]\nlisten = "hotel-pc.local:8099"\n', None),
        ('[page]\nlisten = "224.0.0.1:80"\n', None),
        ("", "site.toml"),
        ("", "gone.toml"),
    ],
)
async def test_what_check_refuses_the_agent_refuses_at_its_start_and_when_it_is_reloaded(
    tmp_path: Path, autojump_clock: object, more: str, profile: str | None
) -> None:
    hotel = Hotel(tmp_path)
    (tmp_path / "site.toml").write_text(BAD)
    hotel.provision(more=more)
    if profile:
        text = hotel.config.read_text().replace("active = true", f'active = true\nprofile = "{profile}"')
        hotel.config.write_text(text)
    bad = hotel.config.read_text()
    assert check(hotel.config, lambda text: judge(text, beside(hotel.config)).reading).exit_code == 2
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert [fault.code for fault in app.snapshot().faults] == ["E-FILE-BAD"]
        hotel.provision()
        app.reload()
        await trio.sleep(1)
        assert not [fault.code for fault in app.snapshot().faults if fault.code.startswith("E-FILE")]
        hotel.config.write_text(bad)
        app.reload()
        await trio.sleep(1)
        assert "E-FILE-REFUSED" in [fault.code for fault in app.snapshot().faults]


async def test_the_page_shows_every_problem_of_a_bad_file_with_its_line(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    text = (
        hotel.config.read_text().replace("Europe/Vienna", "MEZ").replace('key_cutters = ["2"]', "key_cutters = []")
    )
    text = text.replace('identifier = "3"', "identifier = 3").replace("poll_seconds = 1.0", "")
    hotel.config.write_text(text)
    zone, cutters, identifier = (
        text.partition(words)[0].count("\n") + 1 for words in ("MEZ", "key_cutters = []", "identifier = 3\n")
    )
    async with hotel.agent() as app:
        await trio.sleep(1)
        [fault] = app.snapshot().faults
    told = fault.text.splitlines()
    assert told[0] == "provisioning.toml cannot be used:"
    assert [line.partition(": ")[0] for line in told[1:4]] == [
        f"error line {zone}, box.timezone",
        f'error line {cutters}, coder_bridge.encoders, the 2nd ("Desk 2"), key_cutters',
        f'error line {identifier}, coder_bridge.encoders, the 3rd ("Desk 3"), identifier',
    ]


async def test_of_more_problems_than_a_page_can_show_whole_lines_are_shown(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision(more="[doors]\n" + "".join(f'"{door}" = {{ rom = "1" }}\n' for door in range(200)))
    async with hotel.agent() as app:
        await trio.sleep(1)
        [fault] = app.snapshot().faults
    *problems, rest = fault.text.splitlines()[1:]
    assert len(fault.text) <= LONG_TEXT
    assert all(line.endswith("Did you mean room?") for line in problems)
    assert rest == f"... and {len(read(hotel.config.read_bytes()).problems) - len(problems)} more"


@given(st.text(min_size=1, max_size=LOCK_CHARACTERS + 5))
def test_a_lock_id_that_the_file_takes_is_one_that_a_command_can_hold(lock_id: str) -> None:
    assert LOCK_CHARACTERS == NAME_LIMIT
    escaped = "".join(f"\\U{ord(each):08x}" if not "\ud800" <= each <= "\udfff" else "x" for each in lock_id)
    reading = read(minimal(add=f'[doors]\n"{escaped}" = {{ room = "1" }}\n').encode())
    if reading.provisioning is not None:
        [taken] = reading.provisioning.doors
        assert plain(taken, NAME_LIMIT) == taken


def test_a_page_that_acts_is_nothing_to_warn_of(tmp_path: Path) -> None:
    acting = '[page]\nacting = "0.0.0.0:443"\npassword = "wicker boat 33"\n'
    assert lines(judged(tmp_path, minimal("active = true\n", "") + acting), Level.WARNING) == []


def test_keys_that_the_profile_has_no_proof_for_are_a_warning_each(tmp_path: Path) -> None:
    text = minimal("active = true", "active = true\nallow_precheckin = true").replace(
        'key_cutters = ["1"]', 'key_cutters = ["1"]\nmobile = true'
    )
    assert [line.partition(": ")[0].split(", ")[1] for line in lines(judged(tmp_path, text), Level.WARNING)] == [
        "coder_bridge.allow_unconfirmed",
        "coder_bridge.allow_precheckin",
        "coder_bridge.encoders",
    ]
    allowed = text.replace("active = true", "active = true\nallow_unconfirmed = true")
    assert "not confirmed: no" not in "".join(lines(judged(tmp_path, allowed), Level.WARNING))
