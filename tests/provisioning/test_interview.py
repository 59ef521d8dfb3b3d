"""The interview as a person goes through it: what is asked, what is taken, and a file that is good at the end."""

import random
import re
import tomllib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.codes import ALPHABET, code
from provisioning.interview import LONGEST, Interview
from provisioning.problems import Level
from provisioning.questions import _encoder_table, _put_nothing
from provisioning.read import read
from tests.provisioning.text import COMPLETE, MINIMAL, PASSWORD, TRUSTING, good

UNHURRIED = settings(deadline=None, max_examples=20)
TOKEN = "2B8E61C4F0974D3CA5D2E87B916F04AA-7C3D9E5B10F8462EB97A4C6D83E2F51"
# An answer to each question that is good whatever stands before it.
SURE = {
    "box.name": "aurora-desk",
    "box.timezone": "Europe/Vienna",
    "network": "dhcp",
    "network.address": "10.99.5.20/24",
    "network.gateway": "-",
    "network.dns": "-",
    "mews": "demo",
    "mews.platform": "https://mews.example",
    "mews.connector_token": TOKEN,
    "mews.access_token": TOKEN,
    "mews.client_token": TOKEN,
    "lock": "none",
    "coder_bridge.server": "http://10.98.5.6:7331",
    "visionline.server": "https://10.98.5.8",
    "coder_bridge.username": "night",
    "visionline.username": "night",
    "coder_bridge.password": "brass key 77",
    "visionline.password": "brass key 77",
    "coder_bridge.active": "yes",
    "coder_bridge.allow_unconfirmed": "no",
    "console.code": "-",
    "page.password": "-",
}


def first_letter(alphabet: str) -> str:
    return alphabet[0]


def interview(old: str | None = None) -> Interview:
    return Interview(old.encode() if old is not None else None, first_letter)


def asked(talk: Interview) -> str:
    assert talk.question is not None
    return talk.question.name


def answered(talk: Interview, *answers: str) -> Interview:
    """Gives the answers, each of which has to be taken."""
    for answer in answers:
        name = asked(talk)
        assert (name, talk.answer(answer)) == (name, "")
    return talk


def up_to(name: str, old: str | None = None, **answers: str) -> Interview:
    """An interview that asks for `name` now; `answers` by names with _ for each dot, else what is proposed."""
    talk = interview(old)
    while (here := asked(talk)) != name:
        question = talk.question
        assert question is not None
        given_answer = answers.get(here.replace(".", "_"))
        proposed = "" if question.default is not None else SURE.get(here, f"Text {here.split('.')[2:3]}")
        answered(talk, proposed if given_answer is None else given_answer)
    return talk


def finished(talk: Interview) -> str:
    """The file after every other question was answered with what is proposed."""
    while talk.question is not None:
        answered(talk, "")
    return talk.text().decode()


def test_the_shortest_way_to_a_file_for_the_demo() -> None:
    talk = answered(interview(), "aurora-desk", "Europe/Vienna", "dhcp", "demo", "", "coder-bridge")
    answered(talk, "http://10.4.5.6", "nightporter", PASSWORD, "Front desk", "", "", "no", "yes", "no", "", "")
    assert talk.question is None
    file = talk.text()
    assert read(file).problems == ()
    assert tomllib.loads(file.decode()) == {
        **tomllib.loads(MINIMAL),
        "coder_bridge": {**tomllib.loads(MINIMAL)["coder_bridge"], "allow_unconfirmed": False},
        "console": {"code": "2222-2222"},
        "page": {"password": "2222-2222-2222", "acting": "0.0.0.0:443"},
    }


@pytest.mark.parametrize("old", [MINIMAL, COMPLETE, TRUSTING])
def test_over_a_file_the_proposals_keep_all_that_it_says(old: str) -> None:
    before, after = tomllib.loads(old), tomllib.loads(finished(interview(old)))
    for name, section in before.items():
        kept = after[name]
        assert kept == (section if not isinstance(section, dict) else {**kept, **section})


def test_what_no_question_asks_for_stays() -> None:
    file = good(finished(interview(COMPLETE)))
    old = good(COMPLETE)
    for name in ("support", "doors", "printers", "limits", "visionline"):
        assert getattr(file, name) == getattr(old, name)


def test_an_encoder_keeps_what_no_question_asks_for() -> None:
    server: dict[str, object] = {"encoders": []}
    _encoder_table(server, 0, {"name": "Bar", "mobile": True})["name"] = "Spa"
    assert server["encoders"] == [
        {"name": "Spa", "mobile": True, "identifier": "not asked yet 0", "key_cutters": ["not asked yet 0"]}
    ]


def test_what_is_wrong_with_an_encoder_of_the_old_file_stands_in_no_ones_way() -> None:
    old = MINIMAL.replace('identifier = "1"', 'identifier = "1"\nlater = true')
    assert "later" not in finished(interview(old))


@pytest.mark.parametrize(
    ("name", "answer", "complaint"),
    [
        ("box.name", "aurora!", 'This is not a host name of 1 to 63 lower-case letters, digits and inner hyphens. '
                                'Write something like "aurora".'),
        ("box.timezone", "vienna", '"vienna" is no IANA time zone. Write "Europe/Vienna".'),
        ("network", "wifi", "Write one of dhcp, fixed."),
        ("mews", "x", "Write one of demo, live, own."),
        ("lock", "", ""),
        ("console.code", "short", "This has not 8 to 40 characters. Write a code of that length."),
        ("console.code", "\x1b[2J12345678",
         "This holds a tab, line break or invisible character. Type it again instead of pasting it."),
        ("page.password", "wicker", "This is shorter than 10 characters. Write a longer one, as three words that "
                                    "have nothing to do with each other."),
        ("mews.connector_token", "abc def",
         "This holds a blank or a foreign letter. Copy the token again, from its first to its last character."),
        ("box.timezone", "", "There has to be an answer. Continent and city, as Europe/Vienna. It decides when "
                             "a key begins and ends."),
        ("box.timezone", "?", "Continent and city, as Europe/Vienna. It decides when a key begins and ends."),
        ("box.name", "x" * (LONGEST + 1), f"This is longer than {LONGEST} characters: write it shorter."),
        ("box.name", "a\ud800b", "This holds half a character: type it again."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_taken_is_one_sentence_and_the_question_stays(
    name: str, answer: str, complaint: str
) -> None:
    talk = up_to(name)
    assert talk.answer(answer) == complaint
    assert (asked(talk) == name) == bool(complaint)


def test_what_a_refusal_proposes_is_taken_by_an_empty_answer() -> None:
    talk = up_to("box.timezone")
    talk.answer("vienna")
    assert talk.question is not None
    assert (talk.question.default, talk.question.shown) == ("Europe/Vienna", "Europe/Vienna")
    answered(talk, "")
    assert talk.document()["box"] == {"name": "night-porter", "timezone": "Europe/Vienna"}


def test_answers_are_judged_by_what_was_answered_before() -> None:
    talk = up_to("network.gateway", network="fixed", network_address="10.4.5.20/24")
    said = talk.answer("10.9.9.1")
    assert said == "This is not in the network 10.4.5.0/24. Write the router's address in that network."
    answered(talk, "10.4.5.1", "10.4.5.1, 10.4.5.2")
    assert talk.document()["network"] == {
        "address": "10.4.5.20/24", "gateway": "10.4.5.1", "dns": ["10.4.5.1", "10.4.5.2"]
    }  # fmt: skip


def test_a_second_encoder_needs_an_identifier_of_its_own_and_no_line_is_named() -> None:
    talk = up_to("coder_bridge.encoders.1.identifier", lock="coder", coder_bridge_encoders_0_more="yes")
    said = talk.answer("1")
    assert (
        said == "This is the same as one before. Give each encoder of all lock servers an identifier of its own."
    )


def test_a_mistake_that_shows_elsewhere_says_where() -> None:
    talk = up_to("network.address", COMPLETE, network="fixed")
    said = talk.answer("10.4.5.30/24")
    assert said.startswith('With this, printers, the 1st ("Front Office"), uri is the box\'s own address.')


def test_a_list_of_nothing_names_none() -> None:
    talk = up_to("network.dns", network="fixed", network_address="10.4.5.20/24")
    assert talk.answer(" , ") == "This names none: write at least one."


def test_a_warning_is_a_remark_and_goes_with_the_next_answer() -> None:
    talk = up_to("coder_bridge.server", lock="coder")
    answered(talk, "http://lock-pc:7331")
    assert talk.remark == (
        "coder_bridge.server is a name, so a broken name server stops the keys. Write the PC's fixed IP address."
    )
    answered(talk, "night")
    assert talk.remark == ""


def test_one_step_back_proposes_what_was_answered() -> None:
    talk = answered(interview(), "aurora-bar")
    talk.back()
    assert talk.question is not None
    assert (talk.question.name, talk.question.default, talk.question.shown) == (
        "box.name",
        "aurora-bar",
        "aurora-bar",
    )
    talk.back()
    assert asked(talk) == "box.name"


def test_one_step_back_does_not_show_a_secret() -> None:
    talk = up_to("coder_bridge.password", lock="coder")
    answered(talk, PASSWORD)
    talk.back()
    assert talk.question is not None
    assert (talk.question.is_secret, talk.question.shown) == (True, "the one before")


def test_another_branch_can_be_taken_on_the_way_back() -> None:
    talk = up_to("network.address", network="fixed")
    talk.back()
    answered(talk, "dhcp")
    assert asked(talk) == "mews"


def test_visionline_is_asked_for_like_this() -> None:
    talk = up_to("visionline.server", lock="v")
    answered(talk, "https://10.4.5.7", "night", PASSWORD, "Bar", "BAR1", "3", "no")
    assert asked(talk) == "console.code"
    [server] = good(finished(talk)).visionline
    assert (server.server, server.encoders[0].identifier) == ("https://10.4.5.7/api/v1", "BAR1")


def test_a_second_visionline_server_of_the_old_file_stays() -> None:
    second = COMPLETE[COMPLETE.index("[[visionline]]") : COMPLETE.index("[doors]")]
    second = second.replace("10.4.5.7", "10.4.5.9").replace("BAR1", "SPA1").replace('["3"]', '["9"]')
    old = COMPLETE.replace("[doors]", second.replace('"Bar"', '"Spa"') + "\n[doors]")
    file = finished(up_to("console.code", old, lock="visionline"))
    assert [server.server for server in good(file).visionline] == [
        "https://10.4.5.7/api/v1",
        "https://10.4.5.9/api/v1",
    ]


def test_no_lock_system_takes_both_out_of_the_file() -> None:
    file = tomllib.loads(finished(up_to("console.code", COMPLETE, lock="none")))
    assert not {"coder_bridge", "visionline"} & set(file)


def test_dhcp_takes_the_fixed_address_and_its_name_servers_out() -> None:
    file = tomllib.loads(finished(up_to("mews", COMPLETE, network="dhcp")))
    assert file["network"] == {"ntp": ["pool.ntp.org"]}


def test_dhcp_with_name_servers_of_ones_own_keeps_them() -> None:
    old = MINIMAL + '[network]\ndns = ["10.4.5.1"]\n'
    assert tomllib.loads(finished(interview(old)))["network"] == {"dns": ["10.4.5.1"]}


def test_the_current_dialect_asks_for_its_two_tokens() -> None:
    old = MINIMAL.replace('"2016"', '"current"').replace(
        "connector_token", f'client_token = "{TOKEN}"\naccess_token'
    )
    talk = up_to("mews.access_token", old)
    answered(talk, "")
    assert asked(talk) == "mews.client_token"


def test_a_plain_token_of_the_old_file_is_asked_for_as_that() -> None:
    assert up_to("mews.access_token", MINIMAL.replace("connector_token", "access_token")).question is not None


def test_the_token_of_the_demo_is_not_proposed_for_a_real_hotel() -> None:
    talk = up_to("mews.connector_token", MINIMAL, mews="live")
    assert talk.question is not None
    assert talk.question.default is None


def test_an_own_platform_is_asked_for() -> None:
    talk = up_to("mews.platform", mews="own")
    answered(talk, "https://mews.example")
    assert talk.document()["mews"]["platform"] == "https://mews.example"  # type: ignore[index]


@pytest.mark.parametrize(
    ("lock", "server", "offered"),
    [
        (
            "coder-bridge",
            "http://10.4.5.6",
            ["allow_precheckin = false", "cancel_keys_on_checkout = false", "common_areas = []", "mobile = false"],
        ),
        ("visionline", "https://10.4.5.7", ['card_format = "rfid48"']),
    ],
)
def test_what_no_question_asks_for_stands_in_the_new_file_as_a_comment(
    lock: str, server: str, offered: list[str]
) -> None:
    talk = up_to("lock")
    answered(talk, lock, server, "nightporter", PASSWORD, "Front desk", "1", "1", "no")
    text = finished(talk)
    lines = [line for line in text.splitlines() if re.match("# [a-z_]+ = ", line)]
    assert [re.split(" +# ", line)[0] for line in lines] == [f"# {setting}" for setting in offered]
    assert all(len(re.split(" +# ", line)) == 2 for line in lines)  # and each says what it is for
    uncommented = re.sub("^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert uncommented != text
    assert read(uncommented.encode()) == read(text.encode())  # in its section, with the value that it has anyway


def test_a_setting_that_the_file_has_is_offered_no_more() -> None:
    text = finished(interview(COMPLETE))
    settings = re.findall("^# ([a-z_]+) = ", text, flags=re.MULTILINE)
    assert "card_format" in COMPLETE
    assert "card_format" not in settings


def test_none_takes_code_and_password_out() -> None:
    talk = up_to("console.code", TRUSTING)
    answered(talk, "-", "-")
    file = good(talk.text().decode())
    assert (file.console.code, file.page.password, file.page.acting) == (None, None, None)


@pytest.mark.parametrize(("listen", "acting"), [("0.0.0.0:443", "0.0.0.0:8443"), ("0.0.0.0:80", "0.0.0.0:443")])
def test_the_page_that_acts_gets_a_port_of_its_own(listen: str, acting: str) -> None:
    file = good(finished(interview(MINIMAL + f'[page]\nlisten = "{listen}"\n')))
    assert file.page.acting == acting


@pytest.mark.parametrize(
    "old",
    [
        "", "\x00", "not toml", 'box = "text"\nmews = [1]\nnetwork = 5\ncoder_bridge = []\nvisionline = "x"\n',
        "[[box]]\nname = 1\n[[mews]]\n", '[coder_bridge]\nencoders = "x"\n', "[coder_bridge]\nencoders = [1]\n",
        '[network]\naddress = "nonsense"\ndns = [1]\n', "[[visionline]]\n[[visionline.encoders]]\nname = 5\n",
        'format = 7\n[mews]\nplatform = 5\nconnector_token = 7\n', "visionline = []\n", "visionline = [1]\n",
    ],
)  # fmt: skip
def test_whatever_the_old_file_is_the_interview_begins(old: str) -> None:
    talk = interview(old)
    for _ in range(3):
        answered(talk, SURE[asked(talk)])
    assert asked(talk) == "mews"


@pytest.mark.parametrize("lock", ["coder", "visionline"])
def test_a_lock_system_over_a_strange_old_section_is_asked_for_again(lock: str) -> None:
    talk = up_to(
        "lock", 'coder_bridge = []\nvisionline = [1]\nformat = 1\n[box]\nname = "a"\ntimezone = "Europe/Vienna"\n'
    )
    answered(talk, lock)
    assert asked(talk).endswith(".server")


ANSWERS = st.one_of(
    st.sampled_from(
        [
            *SURE.values(),
            "",
            "",
            "",
            "",
            "?",
            "-",
            "y",
            "n",
            "fixed",
            "own",
            "coder",
            "visionline",
            "1",
            "2",
            "1,2",
        ]
    ),
    st.sampled_from(
        ["10.4.5.20/24", "10.4.5.1", "vienna", "http://127.0.0.1:9000", TOKEN, PASSWORD, "Bar", "usb"]
    ),
    st.text(max_size=20),
)


@UNHURRIED
@given(st.sampled_from([None, MINIMAL, COMPLETE, TRUSTING]), st.data())
def test_whatever_is_answered_ends_in_a_file_without_errors(old: str | None, data: st.DataObject) -> None:
    talk = interview(old)
    for _ in range(60):
        if talk.question is None:
            break
        if data.draw(st.integers(0, 9)) == 0:
            talk.back()
        else:
            said = talk.answer(data.draw(ANSWERS))
            assert not {unicodedata.category(letter) for letter in said} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    while (question := talk.question) is not None:
        fresh = SURE.get(question.name, f"Own {question.name}")
        assert talk.answer("no" if question.choices == ("yes", "no") else fresh) == "", question.name
    assert [each for each in read(talk.text()).problems if each.level is Level.ERROR] == []


@pytest.mark.parametrize("old", [MINIMAL, COMPLETE, TRUSTING])
@pytest.mark.parametrize("lock", ["none", "coder-bridge", "visionline"])
@pytest.mark.parametrize("mews", ["demo", "live", "own"])
def test_every_question_takes_a_new_answer_over_any_old_file(old: str, lock: str, mews: str) -> None:
    """No old value of a question that comes later stands in the way of an answer."""
    chosen = {"network": "fixed", "lock": lock, "mews": mews}
    talk = interview(old)
    while (question := talk.question) is not None:
        fresh = {**SURE, **chosen}.get(question.name, f"Own {question.name}")
        answered(talk, "no" if question.choices == ("yes", "no") else fresh)
    assert [each for each in read(talk.text()).problems if each.level is Level.ERROR] == []


def test_over_another_network_the_old_routers_addresses_are_not_proposed() -> None:
    talk = up_to("network.gateway", COMPLETE, network="fixed", network_address="10.9.0.20/24")
    assert talk.question is not None
    assert talk.question.default is None
    answered(talk, "10.9.0.1")
    assert talk.question.default == "10.9.0.1"


@pytest.mark.parametrize(
    ("address", "proposed"),
    [("fd00::20/64", "fe80::1"), ("fd01::20/64", "fe80::1"), ("10.9.0.20/24", None), ("fe80::1/64", None)],
)
def test_the_old_gateway_is_proposed_where_the_rules_take_it(address: str, proposed: str | None) -> None:
    old = MINIMAL + '[network]\naddress = "fd00::20/64"\ngateway = "fe80::1"\ndns = ["fd00::1"]\n'
    talk = up_to("network.gateway", old, network="fixed", network_address=address)
    assert talk.question is not None
    assert talk.question.default == proposed


def test_the_box_may_take_the_address_that_the_lock_server_had() -> None:
    talk = up_to("coder_bridge.server", COMPLETE, network="fixed", network_address="10.4.5.6/24")
    assert "is the box's own address" in talk.answer("")
    answered(talk, "http://10.4.5.66:7331")


def test_a_lock_server_at_the_boxs_address_that_is_not_asked_for_is_told_at_the_choice() -> None:
    talk = up_to("lock", COMPLETE, network="fixed", network_address="10.4.5.6/24")
    assert talk.answer("visionline").startswith("With this, coder_bridge.server ")
    answered(talk, "none")


def test_no_complaint_repeats_a_secret() -> None:
    talk = up_to("coder_bridge.encoders.0.name", lock="coder", coder_bridge_password=PASSWORD)
    for name in ("coder_bridge.encoders.0.name",):
        assert asked(talk) == name
        assert PASSWORD not in talk.answer(f"USB {PASSWORD}")


def test_nothing_is_answered_after_the_end_and_nothing_written_before() -> None:
    talk = interview(MINIMAL)
    with pytest.raises(ValueError, match="there are questions left"):
        talk.text()
    finished(talk)
    with pytest.raises(ValueError, match="nothing is asked"):
        talk.answer("")


def test_codes_differ_and_are_of_letters_that_look_like_no_other() -> None:
    choose = random.Random(1).choice
    codes = {code(choose, 2) for _ in range(100)}
    assert len(codes) == 100
    assert set("".join(codes)) <= {*ALPHABET, "-"}
    assert not set("01ilo") & set(ALPHABET)


def test_a_code_of_chance_is_proposed_where_no_other_source_is_given() -> None:
    shown = set()
    for _ in range(2):
        talk = Interview(TRUSTING.replace('code = "k7mp-3xqd"', "").encode())
        while talk.question is not None and talk.question.name != "console.code":
            answered(talk, "")
        assert talk.question is not None
        shown.add(talk.question.shown)
    assert len(shown) == 2


def test_a_question_that_only_leads_on_writes_nothing() -> None:
    document: dict[str, object] = {"format": 1}
    _put_nothing(document, True)
    assert document == {"format": 1}
