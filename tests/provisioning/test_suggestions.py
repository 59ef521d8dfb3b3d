"""A suggestion, taken literally, works: the problem is gone, and no other has come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.addresses import host_label, ip, machine
from provisioning.money import written
from provisioning.problems import Problem, Wrong
from provisioning.read import read
from provisioning.rules.box import zone
from provisioning.rules.locks import coder_bridge_server, visionline_server
from provisioning.rules.mews import mews_id, platform, push
from provisioning.rules.network import interface
from provisioning.rules.printers import uri
from provisioning.rules.settings import listen
from provisioning.rules.sync import time_of_day
from provisioning.table import Rule, settled
from tests.provisioning.literally import obeyed
from tests.provisioning.text import EXAMPLES, MINIMAL, minimal, problems, the_problem

BAD = {
    path.name: path.read_bytes() for folder in ("invalid", "doubtful") for path in (EXAMPLES / folder).iterdir()
}
QUOTED = 60  # examples; at least so many quote what to write


def told(content: bytes) -> tuple[str, Problem]:
    [problem] = read(content).problems
    return content.decode("utf-8", "replace"), problem


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_doing_what_an_example_is_told_mends_it(content: bytes) -> None:
    text, problem = told(content)
    after = obeyed(text, problem)
    if after is not None:
        assert after != text
        assert [each.line for each in problems(after)] == []


RULES: dict[str, Rule] = {
    "platform": platform,
    "push": push,
    "id": mews_id,
    "money": written,
    "time": time_of_day,
    "coder bridge": coder_bridge_server,
    "visionline": visionline_server,
    "printer": uri,
    "page": listen,
    "name": host_label,
    "address": interface,
    "dns": ip,
    "ntp": machine,
    "zone": zone,
}
PIECES = (
    *(
        "http://",
        "https://",
        "htp://",
        "ipp://",
        "socket://",
        "http:/",
        "https:",
        "//",
        "/",
        "/mst/enc",
        "/api/v1",
        "/ipp",
    ),
    *(
        "10.4.5.6",
        "10.4.5",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "::1",
        "fe80::1%eth0",
        "240.0.0.1",
    ),
    *(
        "app.mews.com",
        "api.mews-demo.com",
        "demo.mews.li",
        "localhost",
        "hotel-pc.local",
        "4711",
        "0x1f",
        "xn--a",
        "Aurora Desk",
        "-",
        "_",
    ),
    *(
        ":80",
        ":0",
        ":",
        ":99999",
        "?",
        "@",
        "/24",
        "/33",
        " ",
        "Europe",
        "Wien",
        "GMT+1",
        "Germany",
        "Europe/Viena",
    ),
)


@settings(deadline=None, max_examples=1000)
@given(st.sampled_from(sorted(RULES)), st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_what_a_rule_says_to_write_is_taken_by_that_rule(name: str, text: str) -> None:
    try:
        settled(RULES[name], text)
    except Wrong as wrong:
        if wrong.proposal is not None:
            RULES[name](wrong.proposal)


def test_of_two_mistakes_the_one_is_told_that_stays_when_the_other_is_mended() -> None:
    told = [
        the_problem(minimal("https://demo.mews.li", written))
        for written in ("app.mews.com", "https://app.mews.com/a")
    ]
    assert {problem.write for problem in told} == {'Write "https://api.mews.com"'}


def test_most_advice_that_can_quote_what_to_write_does() -> None:
    assert len([content for content in BAD.values() if obeyed(*told(content)) is not None]) >= QUOTED


def test_a_section_that_is_mistyped_twice_is_not_told_to_be_taken_out() -> None:
    text = MINIMAL.replace("[coder_bridge]", "[coderbridge]").replace("[[coder_bridge.", "[[coderbridge.")
    [first] = problems(text)
    assert (first.line_number, first.write) == (13, "Did you mean coder_bridge?")
    [second] = [problem for problem in problems(obeyed(text, first) or "") if problem.path == "coderbridge"]
    assert (second.line_number, second.write) == (19, "Did you mean coder_bridge, too?")
