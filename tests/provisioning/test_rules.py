"""The rules one by one: what each takes, in which form it keeps it, and what lies just outside."""

import binascii

import pytest

from provisioning.model import (
    Console,
    Dialect,
    Drill,
    Limits,
    Page,
    Printer,
    RoomSync,
    Signing,
)
from provisioning.problems import Level
from provisioning.rules.mews import push_platform
from provisioning.rules.queues import queue_name
from provisioning.secret import Secret
from tests.provisioning.text import (
    COMPLETE,
    CURRENT,
    MINIMAL,
    QUEUE,
    TRUSTING,
    current,
    good,
    minimal,
    problems,
    the_problem,
)

CITY = 'Write the continent and city of the hotel, as in "America/New_York"'
DEMO_TOKEN = Secret("C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D")


def server(text: str) -> str:
    bridge = good(minimal("http://10.4.5.6", text)).coder_bridge
    assert bridge is not None
    return bridge.server


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://10.4.5.6", "http://10.4.5.6:7331/mst/enc"),
        ("http://10.4.5.6/", "http://10.4.5.6:7331/mst/enc"),
        ("http://10.4.5.6:7331", "http://10.4.5.6:7331/mst/enc"),
        ("http://10.4.5.6:7331/mst/enc", "http://10.4.5.6:7331/mst/enc"),
        ("http://10.4.5.6:7331/mst/enc///", "http://10.4.5.6:7331/mst/enc"),
        ("  HTTP://10.4.5.6:8080  ", "http://10.4.5.6:8080/mst/enc"),
        ("https://10.4.5.6:7773", "https://10.4.5.6:7773/mst/enc"),
        ("http://localhost:17331", "http://localhost:17331/mst/enc"),
        ("http://[FD00::5]:7331", "http://[fd00::5]:7331/mst/enc"),
    ],
)
def test_a_coder_bridge_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert server(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("10.4.5.7", "https://10.4.5.7/api/v1"),
        ("10.4.5.7:8443", "https://10.4.5.7:8443/api/v1"),
        ("https://10.4.5.7/", "https://10.4.5.7/api/v1"),
        ("https://10.4.5.7:443/api/v1", "https://10.4.5.7:443/api/v1"),
        ("https://10.4.5.7/api/v1/", "https://10.4.5.7/api/v1"),
    ],
)
def test_a_visionline_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert good(COMPLETE.replace("https://10.4.5.7", written)).visionline[0].server == kept


@pytest.mark.parametrize("uri", ["ipps://10.4.5.30:631/ipp/print", "socket://10.4.5.30:9100", "ipp://[fd00::9]/a"])
def test_a_printer_may_be_reached_in_these_ways(uri: str) -> None:
    assert good(minimal(add=f'[[printers]]\nname = "P"\nuri = "{uri}"\n')).printers == (Printer("P", uri),)


@pytest.mark.parametrize("port", [":631", ""])
def test_a_printer_may_be_behind_a_queue_of_the_box(port: str) -> None:
    uri, device = f"ipp://127.0.0.1{port}/printers/back-office", "socket://10.4.5.31:9100"
    text = minimal(add=QUEUE.replace(":631", port))
    assert problems(text) == ()
    [printer] = good(text).printers
    assert (printer.uri, printer.device, printer.model) == (uri, device, "drv:///sample.drv/laserjet.ppd")
    assert queue_name(printer.uri) == "back-office"


@pytest.mark.parametrize(
    "uri",
    [
        "ipps://127.0.0.1:631/printers/a",
        "ipp://127.0.0.1:6310/printers/a",
        "ipp://127.0.0.1:631/ipp/print",
        "ipp://localhost:631/printers/a",
        "ipp://10.4.5.30/printers/a",
    ],
)
def test_what_is_no_queue_of_the_box_has_no_device(uri: str) -> None:
    assert queue_name(uri) is None
    found = problems(minimal(add=QUEUE.replace("ipp://127.0.0.1:631/printers/back-office", uri)))
    assert [problem.path for problem in found if problem.level is Level.ERROR] == [
        'printers, the 1st ("Back Office"), device'
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("laserjet", "laserjet"),
        ("drv:///sample.drv/lasrjet.ppd", "laserjet"),
        ("genrpcl", "generpcl"),
        ("everywhere", "laserjet"),
    ],
)
def test_a_model_that_is_none_is_answered_with_one_that_there_is(written: str, meant: str) -> None:
    found = the_problem(minimal(add=QUEUE.replace("drv:///sample.drv/laserjet.ppd", written)))
    assert found.write.startswith(f'Write "drv:///sample.drv/{meant}.ppd", or one of laserjet, ')


@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "[::]:80", "localhost:8000"])
def test_the_page_may_listen_here(listen: str) -> None:
    assert good(minimal(add=f'[page]\nlisten = "{listen}"\n')).page == Page(listen)


def test_the_pages_names_are_kept_as_they_are_compared() -> None:
    names = minimal(add='[page]\nnames = ["Aurora-Desk.Fritz.Box.", "desk"]\n')
    assert good(names).page.names == ("aurora-desk.fritz.box", "desk")


@pytest.mark.parametrize("address", ["10.4.5.20/31", "10.4.5.20/32", "fd00::20/64"])
def test_a_box_may_have_this_address(address: str) -> None:
    assert good(minimal(add=f'[network]\naddress = "{address}"\n')).network.address == address


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1/8", "0.0.0.0/0", "224.0.0.5/24", "10.4.5.255/24", "10.4.5.20/0", "240.4.5.2/24", "0.4.5.2/24"],
)
def test_a_box_cannot_have_this_address(address: str) -> None:
    text = minimal(add=f'[network]\naddress = "{address}"\ngateway = "10.4.5.1"\ndns = []\n')
    assert the_problem(text).path == "network.address"


@pytest.mark.parametrize("server", ["10.4.5.255", "10.4.5.0", "::ffff:224.0.0.1", "127.0.0.53", "ff02::1", "::"])
def test_nobody_answers_names_at_this_address(server: str) -> None:
    network = f'[network]\naddress = "10.4.5.20/24"\ngateway = "10.4.5.1"\ndns = ["{server}"]\n'
    assert the_problem(minimal(add=network)).path == "network.dns, the 1st"


def test_a_mask_is_kept_as_a_prefix() -> None:
    assert good(minimal(add='[network]\naddress = "10.4.5.20/255.255.0.0"\n')).network.address == "10.4.5.20/16"


def test_a_link_local_gateway_serves_an_ipv6_network() -> None:
    text = minimal(add='[network]\naddress = "fd00::20/64"\ngateway = "fe80::1"\ndns = ["fd00::1"]\n')
    assert good(text).network.gateway == "fe80::1"


def test_a_whole_number_serves_as_poll_seconds() -> None:
    assert good(minimal("[coder_bridge]", "poll_seconds = 5\n[coder_bridge]")).mews.poll_seconds == 5.0


@pytest.mark.parametrize("number", ["true", "nan", "inf", '"2"', "[]"])
def test_what_is_no_number_is_refused_as_poll_seconds(number: str) -> None:
    text = minimal("[coder_bridge]", f"poll_seconds = {number}\n[coder_bridge]")
    assert the_problem(text).path == "mews.poll_seconds"


@pytest.mark.parametrize("number", ["true", "180.0", '"180"', "2026-01-01"])
def test_what_is_no_whole_number_is_refused_as_a_limit(number: str) -> None:
    text = minimal(add=f"[limits]\nkey_age_seconds = {number}\n")
    assert the_problem(text).path == "limits.key_age_seconds"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(10, 60, 60, 1),
        Limits(3600, 86400, 3600, 10),
    ],
)
def test_the_ends_of_each_range_belong_to_it(limits: Limits) -> None:
    text = f"""[limits]
        key_age_seconds = {limits.key_age_seconds}
        print_age_seconds = {limits.print_age_seconds}
        print_wait_seconds = {limits.print_wait_seconds}
        keys_per_command = {limits.keys_per_command}"""
    assert good(minimal(add=text)).limits == limits


def test_an_empty_file_names_every_value_that_a_box_cannot_do_without() -> None:
    errors = [problem.path for problem in problems("# nothing") if problem.level is Level.ERROR]
    assert errors == ["format", "box.name", "box.timezone", "mews.dialect", "mews.platform"]


@pytest.mark.parametrize("name", ["Encoder USB", "usb-2", "/dev/ttyUSB0", "USBEncoder", "my usb stick"])
def test_an_encoder_that_says_usb_is_refused(name: str) -> None:
    assert "USB encoder" in the_problem(minimal("Front desk", name)).wrong


@pytest.mark.parametrize("name", ["Busbahnhof", "BUSBAR", "Columbusbar"])
def test_a_word_that_only_contains_usb_is_no_usb_encoder(name: str) -> None:
    assert problems(minimal("Front desk", name)) == ()


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("europe/vienna", 'Write "Europe/Vienna"'),
        ("Europe/Berlln", 'Did you mean "Europe/Berlin"?'),
        ("../../etc/passwd", CITY),
        ("/etc/localtime", CITY),
        ("posixrules", CITY),
        ("posix/Europe/Vienna", CITY),
        ("Etc/UTC", CITY),
    ],
)
def test_a_zone_without_a_place_is_refused(zone: str, meant: str) -> None:
    problem = the_problem(minimal("Europe/Vienna", zone))
    assert (problem.path, problem.level, problem.write) == ("box.timezone", Level.ERROR, meant)


def test_a_dialect_that_resembles_none_is_answered_with_both() -> None:
    write = the_problem(minimal('"2016"', '"v1"')).write
    assert '"2016"' in write
    assert '"current"' in write


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "[::1]:9000", "localhost:9000", "192.168.1.4"])
def test_a_simulated_mews_nearby_may_be_reached_without_encryption(host: str) -> None:
    assert good(minimal("https://demo.mews.li", f"http://{host}")).mews.platform == f"http://{host}"


@pytest.mark.parametrize("host", ["demo.mews.li", "8.8.8.8", "mews-simulator"])
def test_a_mews_out_there_may_not_be_reached_without_encryption(host: str) -> None:
    assert "unencrypted" in the_problem(minimal("https://demo.mews.li", f"http://{host}")).wrong


@pytest.mark.parametrize("platform", ["https://mews.example", "http://127.0.0.1:9000", "https://demo.mews.li/"])
def test_the_demos_token_serves_the_demo_and_simulators(platform: str) -> None:
    found = problems(minimal("https://demo.mews.li", platform))
    assert not [problem for problem in found if problem.level is Level.ERROR]


def test_the_platform_loses_its_final_slash() -> None:
    assert good(minimal("https://demo.mews.li", "https://Demo.mews.li/")).mews.platform == "https://demo.mews.li"


def test_the_current_dialect_takes_two_tokens() -> None:
    text = minimal('"2016"', '"current"').replace("connector_token", 'client_token = "C-1"\naccess_token')
    mews = good(text).mews
    assert (mews.dialect, mews.access_token, mews.client_token) == (Dialect.CURRENT, DEMO_TOKEN, Secret("C-1"))


def test_dialect_2016_takes_a_plain_access_token_without_signing_in() -> None:
    mews = good(minimal("connector_token", "access_token")).mews
    assert (mews.connector_token, mews.access_token) == (None, DEMO_TOKEN)


@pytest.mark.parametrize("pin", ["9F:86:D0:81:" + ":".join(["AB"] * 28), "9f86d081" + "ab" * 28])
def test_a_pin_is_kept_as_lower_case_digits(pin: str) -> None:
    text = minimal('"http://10.4.5.6"', f'"https://10.4.5.6:7773"\ncertificate_sha256 = "{pin}"')
    bridge = good(text).coder_bridge
    assert bridge is not None
    assert bridge.certificate_sha256 == "9f86d081" + "ab" * 28


def test_a_profile_may_be_a_file_of_the_site() -> None:
    bridge = good(minimal("active = true", 'profile = "/data/hotel.toml"')).coder_bridge
    assert bridge is not None
    assert bridge.profile == "/data/hotel.toml"


@pytest.mark.parametrize("lock_id", ["", "  ", "x" * 81, "a  b", "a\u00a0b", "a\\tb", "a\\u200bb", " 101"])
def test_a_lock_id_that_no_command_can_have_is_refused(lock_id: str) -> None:
    problem = the_problem(minimal(add=f'[doors]\n"{lock_id}" = {{ room = "1" }}\n'))
    assert problem.level is Level.ERROR
    assert problem.line.isprintable()


@pytest.mark.parametrize(("seconds", "kept"), [("1", 1.0), ("60.0", 60.0)])
def test_poll_seconds_may_be_at_either_end_of_its_range(seconds: str, kept: float) -> None:
    assert good(minimal("[coder_bridge]", f"poll_seconds = {seconds}\n[coder_bridge]")).mews.poll_seconds == kept


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("key_age_seconds", 9),
        ("key_age_seconds", 3601),
        ("print_age_seconds", 59),
        ("print_age_seconds", 86401),
        ("keys_per_command", 0),
        ("keys_per_command", 11),
    ],
)
def test_a_limit_just_outside_its_range_is_refused(name: str, number: int) -> None:
    assert the_problem(minimal(add=f"[limits]\n{name} = {number}\n")).path == f"limits.{name}"


def test_an_identifier_of_four_digits_is_still_short() -> None:
    assert problems(minimal('identifier = "1"', 'identifier = "1234"')) == ()


@pytest.mark.parametrize("server", ["http://10.4.5.6:443", "https://10.4.5.6:80"])
def test_a_scheme_on_the_other_schemes_port_is_doubted(server: str) -> None:
    assert the_problem(minimal("http://10.4.5.6", server)).level is Level.WARNING


def test_a_token_of_a_thousand_characters_is_taken_and_a_longer_one_refused() -> None:
    assert the_problem(minimal(DEMO_TOKEN.reveal(), "t" * 1000)).level is Level.WARNING
    assert the_problem(minimal(DEMO_TOKEN.reveal(), "t" * 1001)).path == "mews.connector_token"


def test_a_box_name_without_a_usable_letter_is_answered_with_an_example() -> None:
    assert "aurora-desk" in the_problem(minimal("aurora-desk", "!!!")).write


def test_a_zone_of_sixty_characters_is_repeated_and_a_longer_one_described() -> None:
    assert "Q" * 60 in the_problem(minimal("Europe/Vienna", "Q" * 60)).wrong
    assert the_problem(minimal("Europe/Vienna", "Q" * 61)).wrong == "a text of 61 characters is no IANA time zone"


def test_a_link_local_gateway_serves_no_ipv4_network() -> None:
    text = minimal(add='[network]\naddress = "10.4.5.20/24"\ngateway = "169.254.0.1"\ndns = ["10.4.5.1"]\n')
    assert the_problem(text).path == "network.gateway"


def test_a_profile_that_resembles_none_is_answered_with_one_that_ships() -> None:
    text = minimal("active = true", 'profile = "zzz"')
    assert the_problem(text).write == 'Write "coder-bridge-v2", or the path of your own .toml file'


def test_who_may_act_is_kept_with_its_secrets() -> None:
    found = good(TRUSTING)
    assert found.page == Page(acting="0.0.0.0:443", password=Secret("wicker boat 33"))
    assert found.console == Console(Secret("k7mp-3xqd"))
    assert found.signing == Signing("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", 7)


@pytest.mark.parametrize("code", ["12345678", "k7mp-3xqd" * 4, "~ !'# $%"])
def test_a_code_may_be_all_that_a_terminal_can_type(code: str) -> None:
    assert good(minimal(add=f'[console]\ncode = "{code}"\n')).console == Console(Secret(code))


@pytest.mark.parametrize(
    "code", ["\\u0007" * 8, "abc\\u001bcde1", "k7mp\\u007f3xqd", "k7mp\\t3xqd", "k7mp\\u202e3xqd"]
)
def test_a_code_with_a_control_character_is_refused_and_not_repeated(code: str) -> None:
    problem = the_problem(minimal(add=f'[console]\ncode = "{code}"\n'))
    assert (problem.path, problem.level) == ("console.code", Level.ERROR)
    assert problem.line.isprintable()


@pytest.mark.parametrize(("at", "write"), [("::", 'Write "[::]:443"'), ("10.4.5.20", 'Write "10.4.5.20:443"')])
def test_the_page_that_acts_is_given_the_port_of_tls(at: str, write: str) -> None:
    problem = the_problem(minimal(add=f'[page]\nacting = "{at}"\npassword = "wicker boat 33"\n'))
    assert problem.write == write


def test_a_code_is_a_secret_wherever_it_stands() -> None:
    text = TRUSTING.replace("Europe/Vienna", "k7mp-3xqd")
    assert "k7mp" not in the_problem(text).line


@pytest.mark.parametrize("y", ["00" * 32, "00" * 31 + "80", "ed" + "ff" * 31, "ec" + "ff" * 30 + "7f"])
def test_a_key_for_which_anyone_can_sign_is_refused(y: str) -> None:
    key = binascii.b2a_base64(bytes.fromhex(y), newline=False).decode()
    problem = the_problem(minimal(add=f'[signing]\nkey = "{key}"\nnumber = 1\n'))
    assert problem.wrong == "is a key for which anyone can sign"


@pytest.mark.parametrize(
    ("platform", "server"),
    [
        ("https://api.mews.com", "wss://ws.mews.com"),
        ("https://api.mews-demo.com", "wss://ws.mews-demo.com"),
        ("https://API.mews.com:443", "wss://ws.mews.com"),
        ("https://mews.example:8443", "wss://mews.example:8443"),
        ("http://127.0.0.1:9001", "ws://127.0.0.1:9001"),
        ("http://[::1]:9001", "ws://[::1]:9001"),
    ],
)
def test_the_websocket_that_belongs_to_a_platform_is_known(platform: str, server: str) -> None:
    mews = good(current().replace("https://mews.example", platform)).mews
    assert (mews.push, push_platform(mews)) == ("", server)


@pytest.mark.parametrize(
    ("written", "server"),
    [("wss://ws.mews.com/", "wss://ws.mews.com"), ("WS://localhost:9", "ws://localhost:9"), ("Off", None)],
)
def test_a_websocket_that_the_file_names_is_the_one(written: str, server: str | None) -> None:
    assert push_platform(good(current(f'push = "{written}"\n')).mews) == server


def test_dialect_2016_has_no_push() -> None:
    assert push_platform(good(MINIMAL).mews) is None


@pytest.mark.parametrize("host", ["app.mews.com", "www.mews.com", "api.mews.com", "app.mews.li"])
def test_a_page_of_mews_is_answered_with_its_websocket(host: str) -> None:
    assert the_problem(current(f'push = "wss://{host}"\n')).write == 'Write "wss://ws.mews.com"'


def test_the_demos_api_is_answered_with_its_own_websocket() -> None:
    problem = the_problem(current('push = "wss://app.mews-demo.com"\n'))
    assert problem.write == 'Write "wss://ws.mews-demo.com"'


def test_the_settings_of_todays_dialect_are_kept() -> None:
    found = good(CURRENT)
    assert (found.mews.push, found.mews.card_numbers) == ("wss://ws.mews.com", True)
    assert found.mews.enterprise == "851df8c8-90f2-4c4a-8e01-a4fc46b25178"
    assert found.limits == Limits(max_open_balance="12.50 EUR")
    assert found.room_sync == RoomSync(active=True)
    assert found.drill == Drill(
        "05:30", "2bbb5d8a-0492-4271-9941-cd6d89b81d43", "63efb573-fc58-4065-b687-9bdd51568529"
    )
    assert problems(CURRENT) == ()


def test_an_id_loses_its_braces() -> None:
    mews = good(current('enterprise = "{851df8c8-90f2-4c4a-8e01-a4fc46b25178}"\n')).mews
    assert mews.enterprise == "851df8c8-90f2-4c4a-8e01-a4fc46b25178"


def test_keys_are_cancelled_at_a_checkout_without_a_word_where_room_sync_is_on() -> None:
    text = minimal("active = true\n", "active = true\ncancel_keys_on_checkout = true\n")
    assert problems(text + "[room_sync]\nactive = true\n") == ()


def test_room_sync_that_is_off_needs_no_lock_system() -> None:
    assert problems(minimal(add="[room_sync]\nactive = false\n")) == ()
