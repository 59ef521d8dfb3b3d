"""What is wrong with a provisioning file, said in German: each line of it, but for what the file says."""

import re

import pytest

from agent.drivers.check import by_plain_name, judge
from agent.languages.phrasebook import phrasebook
from provisioning.problems import render

GERMAN = phrasebook("de")
GOOD = """format = 1
[box]
name = "front-desk"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "https://api.mews.com"
connector_token = "0123456789abcdef0123456789abcdef-0123456789abcdef0123456789abcde"
[coder_bridge]
active = true
server = "https://10.4.5.6:7332"
username = "night"
password = "one of three words"
[[coder_bridge.encoders]]
name = "A"
identifier = "1"
key_cutters = ["1"]
"""
WRONG = [
    GOOD.replace('"front-desk"', '"Front Desk"'),
    GOOD.replace("Europe/Vienna", "Europe/Wien"),
    GOOD.replace("Europe/Vienna", "UTC+1"),
    GOOD.replace('"2016"', '"2017"'),
    GOOD.replace("https://api.mews.com", "https://app.mews.com/x"),
    GOOD.replace("abcde\n", "abc\n").replace('de"\n', '"\n', 1),
    GOOD.replace('server = "https://10.4.5.6:7332"', 'server = "10.4.5.6"'),
    GOOD.replace('server = "https://10.4.5.6:7332"', 'server = "https://10.4.5.6:80/path"'),
    GOOD.replace('key_cutters = ["1"]', "key_cutters = []"),
    GOOD + '[[coder_bridge.encoders]]\nname = "A"\nidentifier = "1"\nkey_cutters = ["1"]\n',
    GOOD + '[network]\naddress = "10.4.5.20"\n',
    GOOD + '[network]\naddress = "10.4.5.20/24"\ngateway = "10.9.9.9"\n',
    GOOD + "[limits]\nkey_age_seconds = 999999\n",
    GOOD + '[limits]\nkey_age_seconds = "5"\n',
    GOOD + "[limits]\nkey_ages = 5\n",
    GOOD + '[page]\nlisten = "x"\n',
    GOOD + '[page]\nacting = "0.0.0.0:443"\n',
    GOOD + '[page]\npassword = "three plain words"\n',
    GOOD + '[[printers]]\nname = "P"\nuri = "http://10.4.5.30"\n',
    GOOD + '[doors]\n"1" = { rooms = [] }\n"2" = { room = "1", area = "3" }\n"3" = {}\n',
    GOOD + "[room_sync]\nactive = true\n",
    GOOD + '[telemetry]\nwebhook = "http://a.example/x"\nuser = "x"\n',
    GOOD.replace("format = 1", "format = 7"),
    GOOD.replace("format = 1\n", ""),
    GOOD.replace('"front-desk"', "front-desk"),
    GOOD.replace('"front-desk"', "“front-desk”"),
    GOOD.replace("[box]", "[box"),
    GOOD + "[box]\n",
    GOOD.replace('name = "front-desk"', 'name = "front-desk"\nname = "x"'),
    GOOD.replace('name = "front-desk"', 'name: "front-desk"'),
    GOOD.replace('name = "front-desk"', "name ="),
    '{"box": 1}',
    "",
    "\x00" * 40,
]
# Words that no German sentence has.
ENGLISH = re.compile(
    r"\b(the|is|are|and|or|of|with|write|which|has|its|that|no|not|take|this|to|it|leave|put)\b", re.I
)


def left_in_english(text: str) -> list[str]:
    """The lines that are English in German still; what is quoted is the file's."""
    said = [GERMAN.say(line) for line in text.splitlines()]
    return [line for line in said if ENGLISH.search(re.sub(r'"[^"]*"', "", line))]


@pytest.mark.parametrize("file", WRONG, ids=range(len(WRONG)))
def test_each_line_about_a_wrong_file_is_german(file: str) -> None:
    told = render(judge(file.encode(), by_plain_name(lambda _: None)).problems)
    assert told
    assert all(GERMAN.say(line).startswith(("Fehler", "Warnung")) for line in told.splitlines())
    assert left_in_english(told) == []


def test_lines_that_stand_together_are_each_said() -> None:
    text = (
        "The provisioning file from the console was refused; the box has no other yet.\n"
        "error    line 3, box.name: is missing. Fill it in\n"
        "warning  line 9, mews.push: is not used without webhook. Leave the line out"
    )
    assert GERMAN.say(text) == (
        "Die Einrichtungsdatei von der Konsole wurde abgelehnt; die Box hat noch keine andere.\n"
        "Fehler  Zeile 3, box.name: fehlt. Füllen Sie es aus\n"
        "Warnung  Zeile 9, mews.push: wird ohne webhook nicht benutzt. Lassen Sie die Zeile weg"
    )
