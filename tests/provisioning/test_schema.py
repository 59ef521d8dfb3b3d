"""The schema that editors use: it is the one of the model, and refuses nothing that the rules take."""

import json
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from provisioning.read import read
from provisioning.schema import HINT, NAME, schema, text
from tests.provisioning.text import COMPLETE, CURRENT, EXAMPLES, MINIMAL, QUEUE, TRUSTING, current, minimal

VALIDATOR = Draft202012Validator(json.loads(text()))
TAKEN = {
    "complete": COMPLETE,
    "trusting": TRUSTING,
    "simulators": (EXAMPLES / "simulators.toml").read_text(),
    **{path.name: path.read_text() for path in sorted((EXAMPLES / "doubtful").iterdir(), key=str)},
    "blanks": minimal('"aurora-desk"', '" aurora-desk "'),
    "capitals": minimal('"http://10.4.5.6"', '"  HTTP://10.4.5.6:8080  "'),
    "ipv6": minimal('"http://10.4.5.6"', '"http://[fd00::5]:7331"') + '[page]\nlisten = "[::]:80"\n',
    "mask": minimal(add='[network]\naddress = "10.4.5.20/255.255.0.0"\ngateway = "10.4.5.1"\ndns = []\n'),
    "whole": minimal('dialect = "2016"', 'dialect = "2016"\npoll_seconds = 5'),
    "socket": minimal(add='[[printers]]\nname = "P"\nuri = "SOCKET://10.4.5.30:9100"\n'),
    "queue": minimal(add=QUEUE),
    "today": CURRENT,
    "no push": current('push = " OFF "\n'),
    "push in capitals": current('push = " WSS://WS.Mews.com "\n'),
    "money": minimal(add='[limits]\nmax_open_balance = " 12.5EUR "\n'),
    "code": minimal(add='[console]\ncode = "a b cdef!"\n'),
}  # fmt: skip
# What even an editor can tell, of the invalid examples.
SEEN = [
    "active-is-text", "box-name", "box-name-missing", "console-code-short", "console-code-umlaut", "door-number",
    "drill-reservation-missing", "drill-time", "drill-time-25", "format-unknown", "key-age", "key-cutters-empty",
    "max-open-balance-number", "max-open-balance-places", "mews-card-numbers-text", "mews-dialect",
    "mews-platform-no-scheme", "mews-push-flag", "mews-push-scheme",
    "name-in-wrong-section",
    "network-no-prefix", "page-acting-without-password", "page-password-short", "poll-seconds",
    "printer-device-ipp", "printer-device-missing", "printer-model", "printer-model-missing", "printer-uri-scheme",
    "signing-key-base64", "signing-number", "timezone-city", "token-is-a-number", "unknown-section",
    "visionline-without-encoders",
]  # fmt: skip


def test_the_shipped_schema_is_the_one_of_the_model() -> None:
    assert (files("provisioning") / "schema.json").read_text("utf-8") == text(), (
        "write: python -m provisioning.schema > provisioning/schema.json"
    )


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_it_is_printed() -> None:
    run = subprocess.run([sys.executable, "-m", "provisioning.schema"], capture_output=True, text=True, check=True)
    assert run.stdout == text()


@pytest.mark.parametrize("name", TAKEN)
def test_it_refuses_nothing_that_the_rules_take(name: str) -> None:
    assert read(TAKEN[name].encode()).provisioning is not None
    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(TAKEN[name]))] == []


@pytest.mark.parametrize("name", SEEN)
def test_it_sees_mistakes_that_one_setting_shows(name: str) -> None:
    document = tomllib.loads((EXAMPLES / "invalid" / f"{name}.toml").read_text())
    assert list(VALIDATOR.iter_errors(document))


def test_every_setting_has_a_description() -> None:
    def all_of(part: dict[str, object]) -> list[dict[str, object]]:
        properties = part.get("properties", {})
        assert isinstance(properties, dict)
        inner = [*properties.values(), *(part[key] for key in ("items", "additionalProperties") if part.get(key))]
        return [
            *properties.values(),
            *(found for each in inner if isinstance(each, dict) for found in all_of(each)),
        ]

    found = all_of(schema())
    assert len(found) > 50
    assert all(each["description"] for each in found)


def test_the_hint_names_the_file_beside_it() -> None:
    assert HINT.startswith("#:schema ")
    assert HINT.endswith(NAME)
    assert read(f"{HINT}\n{MINIMAL}".encode()).problems == ()
