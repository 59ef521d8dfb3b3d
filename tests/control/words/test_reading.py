"""Words at the desk: what they ask for, and one sentence for each mistake."""

import msgspec
import pytest

from agent.control.words.reading import MOST_WORDS, WORD_LIMIT, Named, Names, completions, read
from agent.control.words.requests import (
    HopTest,
    KeyOrder,
    LanePause,
    LaneResume,
    LookedAfter,
    MobileKey,
    PageOrder,
    PrinterList,
    PrinterSearch,
    Reload,
    Request,
    TakeOver,
    WatchEvents,
)
from agent.control.words.verbs import TABLE, Argument, Option, Switch, Takes, TextOption, Verb
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain

LEFT, BAR = Named("encoder:1", ("1", "Front desk left")), Named("encoder:BAR1", ("BAR1", "Bar"))
TWIN, OTHER_TWIN = Named("encoder:7", ("7", "Twin")), Named("encoder:8", ("8", "Twin"))
PRINTER = Named("printer:Office", ("Office", "Office"))
ENCODERS = (LEFT, BAR, TWIN, OTHER_TWIN)
HOPS = (Named("mews"), Named("box"), Named("lock-server:coder-bridge"), *ENCODERS)
FRONT = Named("printer:Front Office", ("Front Office", "Front Office"))
NAMES = Names(
    hops=HOPS,
    encoders=ENCODERS,
    lanes=(*ENCODERS, PRINTER),
    printers=(PRINTER, FRONT),
    orders=("0d6f2f0a",),
    rooms=("101",),
)


def mistake(*words: str, names: Names = NAMES) -> str:
    with pytest.raises(UserMistake) as caught:
        read(words, names)
    return str(caught.value)


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ("test", HopTest()),
        ("test mews", HopTest("mews")),
        ("test MEWS", HopTest("mews")),
        ("test encoder:1", HopTest("encoder:1")),
        ("test lock-server:coder-bridge", HopTest("lock-server:coder-bridge")),
        ("test bar", HopTest("encoder:BAR1")),
        ("key 1 101", KeyOrder("encoder:1", "101")),
        ("key encoder:1 101", KeyOrder("encoder:1", "101")),
        ("key bar1 POOL --copies 3 --hours 24", KeyOrder("encoder:BAR1", "POOL", 3, 24)),
        ("key --copies=2 1 101", KeyOrder("encoder:1", "101", 2)),
        ("key --hours 1 -- 1 --101", KeyOrder("encoder:1", "--101", 1, 1)),
        ("key 1 -1", KeyOrder("encoder:1", "-1")),
        ("pause 1", LanePause("encoder:1")),
        ("pause office", LanePause("printer:Office")),
        ("resume encoder:BAR1", LaneResume("encoder:BAR1")),
        ("takeover", TakeOver()),
        ("seen 0d6f2f0a", LookedAfter("0d6f2f0a")),
        ("reload", Reload()),
        ("watch", WatchEvents()),
        ("print office", PageOrder("printer:Office")),
        ("print test OFFICE", PageOrder("printer:Office")),
        ("print printer:office", PageOrder("printer:Office")),
        ("print find", PrinterSearch()),
        ("print status", PrinterList()),
    ],
)
def test_words_ask_for_one_thing(words: str, request_: Request) -> None:
    asked = read(words.split(), NAMES)
    assert (asked.request, asked.text) == (request_, words)
    assert isinstance(request_, asked.verb.request)


def test_a_name_with_spaces_is_one_word() -> None:
    asked = read(["key", "front DESK left", "Suite 12"], NAMES)
    assert asked.request == KeyOrder("encoder:1", "Suite 12")


def test_a_printer_that_there_is_not_is_answered_with_the_names_that_there_are() -> None:
    said = mistake("print", "test", "Ofice")
    assert said == 'There is no printer “Ofice”: write Office or "Front Office".'
    assert mistake("print", "Ofice") == said
    assert mistake("print", "test", "1") == said.replace("Ofice", "1")
    many = tuple(Named(f"printer:P{number}", (f"P{number}", f"P{number}")) for number in range(10))
    said = mistake("print", "x", names=Names(printers=many))
    assert said == "There is no printer “x”: write P0, P1, P2, P3, P4, P5, P6, P7 or one of 2 more."
    said = mistake("print", "x", names=Names(printers=many[:1]))
    assert said == "There is no printer “x”: write P0."
    assert mistake("print", "x", names=Names()).startswith("This box has no printer yet")


def test_a_printer_is_missing_or_completed() -> None:
    assert mistake("print", "test") == "PRINTER is missing: write print test PRINTER."
    assert completions(["print", ""], NAMES) == (
        *("find", "test", "status"),
        *("printer:Office", "printer:Front Office"),
    )
    assert completions(["print", "test", "printer:F"], NAMES) == ("printer:Front Office",)


def test_an_identifier_goes_before_a_name_that_is_the_same() -> None:
    names = Names(lanes=(Named("encoder:1", ("1", "2")), Named("encoder:2", ("2", "x"))))
    assert read(["pause", "2"], names).request == LanePause("encoder:2")


@pytest.mark.parametrize("room", ["10\x1b[31m1", "101\x00", "1\u202e01", "\ud83d101", "101\n102"])
def test_a_room_with_characters_that_no_room_has_is_refused_and_not_taken_for_another(room: str) -> None:
    with pytest.raises(UserMistake, match=r"^ROOM has characters that no name has: write it again") as raised:
        read(["key", "1", room], NAMES)
    assert plain(str(raised.value), 500) == str(raised.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "A verb is missing: write one of test, key, pause,"),
        ("tset", "There is no verb “tset”: did you mean test?"),
        ("dance", "There is no verb “dance”: write one of test, key"),
        ("\x1b[31m", "There is no verb “[31m”"),
        ("test encodr:1", "There is no hop “encodr:1”: did you mean encoder:1?"),
        ("test fax", "There is no hop “fax”: write mews, box, lock-server:coder-bridge, encoder:1, "),
        ("key", "ENCODER and ROOM are missing: write key ENCODER ROOM [--copies N] [--hours H]."),
        ("key 1", "ROOM is missing: write key ENCODER ROOM"),
        ("key Barr 101", "There is no encoder “Barr”: did you mean BAR1?"),
        ("key office 101", "There is no encoder “office”"),
        ("key Twin 101", "“Twin” is the name of 2: write encoder:7 or encoder:8."),
        ("key 1 Suite 12", "“12” is one word too many: write key ENCODER ROOM"),
        ("key 1 Suite 12", "A name with spaces stands in quotation marks."),
        ("watch all", "“all” is one word too many: write watch."),
        ("key 1 101 --copies", "--copies needs a value: write key ENCODER ROOM"),
        ("key 1 101 --copies 0", "--copies takes a whole number from 1 to 10, and not “0”."),
        ("key 1 101 --copies two", "--copies takes a whole number from 1 to 10, and not “two”."),
        ("key 1 101 --copies ²", "--copies takes a whole number from 1 to 10, and not “²”."),
        (f"key 1 101 --copies {'1' * 100}", "--copies takes a whole number from 1 to 10"),
        ("key 1 101 --hours 169", "--hours takes a whole number from 1 to 168"),
        ("key 1 101 --copis 2", "There is no flag “--copis” for key: did you mean --copies?"),
        ("watch --loud", "There is no flag “--loud” for watch: write watch."),
        (f"key 1 {'9' * 61}", "ROOM has to be a text of 1 to 60 characters."),
        ("key 1 \x07", "ROOM has to be a text of 1 to 60 characters."),
        (f"test {'x' * (WORD_LIMIT + 1)}", "That is too long"),
        ("test " * (MOST_WORDS + 1), "That is too long"),
    ],
)
def test_a_mistake_is_one_sentence_with_what_to_write(words: str, said: str) -> None:
    assert said in mistake(*words.split(" ") if words else ())


def test_a_box_without_encoders_says_so() -> None:
    said = mistake("key", "1", "101", names=Names())
    assert said == "This box has no encoder yet: the provisioning file sets them up."


def test_of_many_names_some_are_listed() -> None:
    names = Names(encoders=tuple(Named(f"encoder:{number}") for number in range(20)))
    assert mistake("key", "zzz", "1", names=names).endswith("encoder:7 and 12 more.")


def test_a_verb_of_two_words_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.control.words import verbs

    monkeypatch.setitem(verbs.VERBS, "lock test", verbs.Verb("lock test", Reload, "a later one"))
    assert read(["lock", "test"], NAMES).verb.name == "lock test"


@pytest.mark.parametrize(
    ("words", "may_become"),
    [
        ([], tuple(dict.fromkeys(verb.name.split()[0] for verb in TABLE))),
        (["t"], ("test", "takeover")),
        (["key", ""], ("encoder:1", "encoder:BAR1", "encoder:7", "encoder:8", "--copies", "--hours")),
        (["key", "ENCODER:b"], ("encoder:BAR1",)),
        (["key", "1", ""], ("101", "--copies", "--hours")),
        (["key", "1", "101", "--"], ("--copies", "--hours")),
        (["key", "1", "101", "--copies", ""], ()),
        (["key", "--copies", "2", "enc"], ("encoder:1", "encoder:BAR1", "encoder:7", "encoder:8")),
        (["key", "1", "101", "--copies", "2", "--"], ("--hours",)),
        (["pause", "p"], ("printer:Office",)),
        (["seen", ""], ("0d6f2f0a",)),
        (["test", "m"], ("mews",)),
        (["watch", ""], ()),
        (["dance", ""], ()),
    ],
)
def test_what_is_begun_can_be_completed(words: list[str], may_become: tuple[str, ...]) -> None:
    assert completions(words, NAMES) == may_become


def test_every_verb_of_the_table_has_words_that_ask_for_it() -> None:
    samples = {"HOP": "mews", "ENCODER": "1", "LANE": "1", "ROOM": "101", "ID": "x"}
    samples |= {"AREAS": "3,5", "KEY": "4711", "CONTACT": "+43 1 234", "CUSTOMER": "c1", "PRINTER": "office"}
    for verb in TABLE:
        required = [each for each in verb.options if isinstance(each, TextOption) and each.is_required]
        flags = [f"{option.flag}={samples[option.name]}" for option in required]
        words = [*verb.name.split(), *(samples[argument.name] for argument in verb.arguments), *flags]
        assert isinstance(read(words, NAMES).request, verb.request)
        assert verb.help


def test_what_is_private_is_repeated_nowhere() -> None:
    asked = read(["lock", "mobile", "1", "101", "+43 1 234", "--hours", "3"], NAMES)
    assert asked.text == "lock mobile 1 101 (hidden) --hours 3"
    assert "234" not in repr(asked)
    assert isinstance(asked.request, MobileKey)
    assert asked.request.contact == "+43 1 234"


@pytest.mark.parametrize("contact", ["guest@canary.example", "+43 1 234567", "0043 1 234567", "(@)"])
@pytest.mark.parametrize("words", [["1", "{}"], ["1", "{}", "101"], ["{}", "101"], ["1", "{}", "{}"]])
def test_a_contact_in_another_place_is_refused_before_it_is_written_down(words: list[str], contact: str) -> None:
    said = mistake("lock", "mobile", *(word.format(contact) for word in words))
    usage = "lock mobile ENCODER ROOM [CONTACT] [--hours H] [-s]"
    assert said == f"What looks like a CONTACT stands in another place: write {usage}."


@pytest.mark.parametrize("room", ["101", "+1", "00", "Suite +43", "1-2-3-4-5-6"])
def test_a_room_may_be_called_by_numbers(room: str) -> None:
    asked = read(["lock", "mobile", "1", room, "guest@canary.example"], NAMES).request
    assert asked == MobileKey("encoder:1", room, "guest@canary.example")


class Follow(msgspec.Struct, frozen=True):
    lines: int = 1
    follows: bool = False


class Explain(msgspec.Struct, frozen=True):
    code: str


class Show(msgspec.Struct, frozen=True):
    pass


OTHER_TABLE = {
    verb.name: verb
    for verb in (
        Verb(
            "log",
            Follow,
            "the log",
            options=(Option("--lines", "N", "lines", 1, 9, "how many"),),
            switches=(Switch("--follow", "-f", "follows", "go on"),),
        ),
        Verb("explain", Explain, "a code in words", arguments=(Argument("CODE", "code", Takes.CODE),)),
        Verb("file show", Show, "the file"),
        Verb("file check", Show, "the file's mistakes"),
    )
}
CODES = Names(codes=("E-MEWS-SILENT", "E-MEWS-TOKEN"))


@pytest.mark.parametrize("words", ["log -f", "log --follow", "log --lines 1 -f"])
def test_a_switch_needs_no_value_and_has_a_short_name(words: str) -> None:
    assert read(words.split(), Names(), OTHER_TABLE).request == Follow(1, follows=True)


def test_a_misspelt_switch_is_told_apart_from_an_option() -> None:
    with pytest.raises(UserMistake, match=r"did you mean --follow\?$"):
        read(["log", "--folow"], Names(), OTHER_TABLE)


def test_a_code_is_found_in_any_case_and_a_wrong_one_is_not_taken_for_its_neighbour() -> None:
    assert read(["explain", "e-mews-token"], CODES, OTHER_TABLE).request == Explain("E-MEWS-TOKEN")
    with pytest.raises(UserMistake, match=r"^There is no code “E-MEWS-TOKN”: did you mean E-MEWS-TOKEN\?$"):
        read(["explain", "E-MEWS-TOKN"], CODES, OTHER_TABLE)


def test_the_first_word_of_two_alone_says_what_may_follow() -> None:
    with pytest.raises(UserMistake, match=r"^file needs one word more: write file show or file check\.$"):
        read(["file"], Names(), OTHER_TABLE)


@pytest.mark.parametrize(
    ("words", "may_become"),
    [
        ([""], ("log", "explain", "file")),
        (["f"], ("file",)),
        (["file", ""], ("show", "check")),
        (["file", "c"], ("check",)),
        (["explain", "e-mews-t"], ("E-MEWS-TOKEN",)),
        (["log", "-"], ("--lines", "--follow")),
        (["log", "-f", "--"], ("--lines", "--follow")),
        (["log", "--lines", ""], ()),
        (["nothing", ""], ()),
    ],
)
def test_another_table_completes_its_own_words(words: list[str], may_become: tuple[str, ...]) -> None:
    assert completions(words, CODES, OTHER_TABLE) == may_become
