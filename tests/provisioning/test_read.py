"""What a good file becomes, and that everything wrong is said at once."""

import pytest

from provisioning.model import (
    Box,
    CardFormat,
    CoderBridge,
    DateHeader,
    Dialect,
    Door,
    Encoder,
    FirstCard,
    Limits,
    Mews,
    Network,
    Page,
    Printer,
    Provisioning,
    SignedTarget,
    Support,
    Visionline,
)
from provisioning.read import read
from provisioning.secret import Secret
from tests.provisioning.text import COMPLETE, MINIMAL, PIN, good, minimal, problems, the_problem

DEMO_TOKEN = Secret("C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D")


def test_the_complete_example_becomes_these_values() -> None:
    assert good(COMPLETE) == Provisioning(
        format=1,
        box=Box("aurora-desk", "Europe/Vienna"),
        support=Support("Lock service Tyrol", "+43 512 000000"),
        network=Network("10.4.5.20/24", "10.4.5.1", ("10.4.5.1",), ("pool.ntp.org",)),
        mews=Mews(Dialect.V2016, "https://demo.mews.li", connector_token=DEMO_TOKEN, poll_seconds=2.0),
        coder_bridge=CoderBridge(
            server="http://10.4.5.6:7331/mst/enc",
            username="nightporter",
            password=Secret("copper lamp 2093"),
            active=True,
            encoders=(
                Encoder("Front desk left", "1", ("1",)),
                Encoder("Front desk right", "2", ("2", "63efb573-fc58-4065-b687-9bdd51568529")),
            ),
        ),
        visionline=(
            Visionline(
                server="https://10.4.5.7/api/v1",
                username="nightporter",
                password=Secret("silver spoon 5518"),
                encoders=(Encoder("Bar", "BAR1", ("3",)),),
                certificate_sha256=PIN,
            ),
        ),
        doors={
            "101": Door(room="101"),
            "POOL": Door(area="3"),
            "Suite": Door(rooms=("201", "202"), areas=("2", "3"), rms="201"),
        },
        printers=(Printer("Front Office", "ipp://10.4.5.30/ipp/print"),),
        limits=Limits(180, 3600, 600, 10),
        page=Page("0.0.0.0:80"),
    )


def test_sections_that_are_left_out_get_the_defaults_of_the_format() -> None:
    found = good(MINIMAL)
    assert found.support == Support("", "")
    assert (found.network, found.visionline, found.doors, found.printers, found.limits, found.page) == (
        Network(None, None, (), ("pool.ntp.org",)),
        (),
        {},
        (),
        Limits(180, 3600, 600, 10),
        Page("0.0.0.0:80"),
    )


@pytest.mark.parametrize(
    ("section", "support"),
    [
        ('name = " Lock service "', Support(name="Lock service")),
        ('phone = "0512 / 000-00 (day and night)"', Support(phone="0512 / 000-00 (day and night)")),
        ("", Support()),
    ],
)
def test_support_may_have_a_name_a_phone_or_neither(section: str, support: Support) -> None:
    assert good(minimal(add=f"[support]\n{section}\n")).support == support


def test_a_coder_bridge_is_inactive_and_strict_unless_the_file_says_otherwise() -> None:
    bridge = good(minimal("active = true\n")).coder_bridge
    assert bridge is not None
    assert (bridge.active, bridge.allow_unconfirmed, bridge.profile) == (False, False, "coder-bridge-v2")


def test_a_file_without_lock_server_has_no_coder_bridge() -> None:
    assert good(MINIMAL.split("[coder_bridge]")[0]).coder_bridge is None


def test_an_inactive_coder_bridge_needs_no_encoders() -> None:
    text = MINIMAL.split("[[coder_bridge.encoders]]")[0].replace("active = true", "active = false")
    assert good(text).coder_bridge is not None


def test_an_empty_network_section_with_own_dns_still_means_dhcp() -> None:
    assert good(minimal(add='[network]\ndns = ["9.9.9.9"]\n')).network == Network(None, None, ("9.9.9.9",))


def test_names_and_identifiers_are_trimmed() -> None:
    bridge = good(minimal('identifier = "1"', 'identifier = "  1 "').replace('["1"]', '[" 1"]')).coder_bridge
    assert bridge is not None
    assert bridge.encoders == (Encoder("Front desk", "1", ("1",)),)


def test_a_password_is_not_trimmed() -> None:
    bridge = good(minimal("copper lamp 2093", " blue kettle ")).coder_bridge
    assert bridge is not None
    assert bridge.password == Secret(" blue kettle ")


def test_two_lock_servers_may_not_use_the_same_identifier() -> None:
    problem = the_problem(COMPLETE.replace('identifier = "BAR1"', 'identifier = "1"'))
    assert problem.path == 'visionline, the 1st, encoders, the 1st ("Bar"), identifier'
    assert problem.write == "Give each encoder of all lock servers an identifier of its own"


def test_a_boolean_is_not_format_one() -> None:
    assert the_problem(minimal("format = 1", "format = true")).path == "format"


def test_all_problems_are_found_in_one_pass() -> None:
    text = """
        [box]
        name = "Aurora Desk"
        [mews]
        dialect = "2015"
        [coder_bridge]
        server = "10.4.5.6"
        password = 4711
        [[coder_bridge.encoders]]
        identifier = 1
        [limits]
        keys_per_command = 11
        [pages]
    """
    assert [problem.path for problem in problems(text)] == [
        "pages",
        "format",
        "limits.keys_per_command",
        "box.name",
        "box.timezone",
        "mews.dialect",
        "mews.platform",
        "coder_bridge.server",
        "coder_bridge.username",
        "coder_bridge.password",
        "coder_bridge.encoders, the 1st, name",
        "coder_bridge.encoders, the 1st, identifier",
        "coder_bridge.encoders, the 1st, key_cutters",
    ]


def test_a_missing_value_is_asked_for_under_its_section() -> None:
    assert "under [box]:" in problems("format = 1")[0].write


@pytest.mark.parametrize("text", ["\ufeff" + MINIMAL, MINIMAL.replace("\n", "\r\n"), MINIMAL.rstrip()])
def test_a_file_may_come_from_any_editor(text: str) -> None:
    assert read(text.encode()) == read(MINIMAL.encode())


@pytest.mark.parametrize("written", ["\\u0000", "\\u001b[2J", "\\u202e", "\\n", "\\u0085", "\\u2028"])
def test_a_character_that_no_eye_sees_is_refused_in_every_kind_of_text(written: str) -> None:
    text = minimal("copper lamp 2093", f"blue{written}kettle", f'[doors]\nP = {{ area = "3{written}3" }}\n')
    text = text.replace('["1"]', f'["1{written}1"]')
    assert [problem.path for problem in problems(text)] == [
        "coder_bridge.password",
        'coder_bridge.encoders, the 1st ("Front desk"), key_cutters, the 1st',
        "doors.P.area",
    ]


def test_a_value_of_the_wrong_kind_is_named_by_its_kind() -> None:
    text = minimal('"aurora-desk"', "2026-01-01").replace('"Front desk"', "{}").replace('"nightporter"', "false")
    assert [problem.wrong for problem in problems(text)] == [
        "is a date or time, not text",
        "is true or false, not text",
        "is a section, not text",
    ]


def test_a_number_too_long_to_read_is_not_repeated() -> None:
    assert "9" * 61 not in the_problem(minimal('"aurora-desk"', "9" * 61)).line


def test_a_mistyped_section_is_read_on_and_not_called_missing() -> None:
    text = minimal("[mews]", "[Mews]").replace("https://demo.mews.li", "demo.mews.li")
    assert [problem.path for problem in problems(text)] == ["Mews", "mews.platform"]


def test_a_mistyped_name_is_not_called_missing_as_well() -> None:
    assert the_problem(minimal("password =", "pasword =")).path == "coder_bridge.pasword"


def test_a_name_far_from_all_known_ones_is_answered_with_all_known_ones() -> None:
    assert "name, timezone" in the_problem(minimal('name = "aurora-desk"', 'name = "a"\nzzz = 1')).write


def test_a_name_with_digits_that_resembles_no_known_one_is_not_repeated() -> None:
    problem = the_problem(minimal(add="\n[limits]\nhunter22xyz = 1\n"))
    assert (problem.path, "hunter22" in problem.line) == ("limits", False)


def test_an_unknown_section_of_any_depth_is_one_problem() -> None:
    text = minimal(add="zz" + ".a" * 900 + " = 1\n")
    assert len(problems(text)) == 1


@pytest.mark.parametrize("value", ["[1]", '["https://10.4.5.7"]', "1", '"10.4.5.7"'])
def test_a_list_of_anything_else_is_no_list_of_sections(value: str) -> None:
    assert the_problem(f"visionline = {value}\n{MINIMAL}").path == "visionline"


def test_the_values_of_a_file_cannot_be_changed() -> None:
    found = good(COMPLETE)
    parts = (
        found,
        found.box,
        found.network,
        found.mews,
        found.visionline[0],
        found.doors["101"],
        found.printers[0],
    )
    for part in (*parts, found.limits, found.page, found.coder_bridge):
        with pytest.raises(AttributeError):
            setattr(part, part.__struct_fields__[0], None)  # type: ignore[union-attr]


def test_two_lock_servers_may_not_use_the_same_name_for_an_encoder() -> None:
    text = COMPLETE.replace('name = "Bar"', 'name = "Front desk left"')
    assert the_problem(text).path == 'visionline, the 1st, encoders, the 1st ("Front desk left"), name'


def test_the_settings_of_lock_systems_are_read() -> None:
    text = (
        COMPLETE.replace("allow_precheckin = false", "allow_precheckin = true")
        .replace("common_areas = []", 'common_areas = ["1", " 2 "]')
        .replace("mobile = false", "mobile = true")
        .replace('"rfid48"', '"TLCode"')
        .replace('"override"', '"join"')
        .replace('"Date"', '"X-Aah-Date"')
        .replace('"escaped"', '"plain"')
    )
    found = good(text)
    assert found.coder_bridge is not None
    bridge, server = found.coder_bridge, found.visionline[0]
    assert (bridge.allow_precheckin, bridge.common_areas) == (True, ("1", "2"))
    assert [encoder.mobile for encoder in bridge.encoders] == [True, False]
    assert (server.card_format, server.first_card) == (CardFormat.TLCODE, FirstCard.JOIN)
    assert (server.date_header, server.signed_target) == (DateHeader.AAH, SignedTarget.PLAIN)


def test_a_mobile_encoder_of_the_coder_bridge_needs_no_short_number() -> None:
    text = MINIMAL.replace('identifier = "1"', 'identifier = "mobile keys"\nmobile = true')
    assert read(text.encode()).problems == ()
