"""The JSON Schema of the provisioning file, for installers' editors; `python -m provisioning.schema` prints it.

Made of the model's types, the words for each setting and the rules' own limits, in the dialect 2020-12
(https://json-schema.org/draft/2020-12). It never refuses what the rules take; what needs two settings to be judged
together, `check` alone knows. Taplo and what builds on it use it for a file with the line `HINT`.
"""

import json
import re
import sys
from enum import StrEnum
from typing import Any

import msgspec

from provisioning.model import FORMAT
from provisioning.rules.credentials import PAGE_PASSWORD
from provisioning.rules.mews import POLL_SECONDS
from provisioning.rules.queues import MODELS
from provisioning.rules.settings import KEY_AGE, KEYS, PRINT_AGE, PRINT_WAIT
from provisioning.rules.trust import CODE, NUMBER
from provisioning.secret import Secret
from provisioning.shapes import Form, Setting, settings
from provisioning.table import SECRET_CHARACTERS, TEXT_CHARACTERS
from provisioning.words import words

NAME = "nightporter.schema.json"  # of the file beside the provisioning file
HINT = f"#:schema ./{NAME}"

Schema = dict[str, Any]

_URL = r"^\s*(%s)://\S+\s*$"
_HOST_PORT = r"^\s*\S+:[0-9]{1,5}\s*$"
# What the rules say of a setting, as far as a schema can say it.
_FACTS: dict[str, Schema] = {
    "format": {"const": FORMAT},
    "box.name": {"pattern": r"^\s*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\s*$"},
    "box.timezone": {"pattern": r"^\s*[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+\s*$"},
    "network.address": {"pattern": r"^\s*[0-9A-Fa-f.:]+/[0-9.]+\s*$"},
    "mews.platform": {"pattern": _URL % "[Hh][Tt][Tt][Pp][Ss]?"},
    "mews.poll_seconds": {"minimum": POLL_SECONDS[0], "maximum": POLL_SECONDS[1]},
    "mews.push": {"pattern": r"^\s*([Ww][Ss][Ss]?://\S+|[Oo][Ff][Ff])\s*$"},
    "coder_bridge.server": {"pattern": _URL % "[Hh][Tt][Tt][Pp][Ss]?"},
    "printers.uri": {"pattern": _URL % "[Ii][Pp][Pp][Ss]?|[Ss][Oo][Cc][Kk][Ee][Tt]"},
    "printers.device": {"pattern": _URL % "[Ss][Oo][Cc][Kk][Ee][Tt]"},
    "printers.model": {"pattern": rf"^\s*({'|'.join(map(re.escape, MODELS))})\s*$"},
    "limits.key_age_seconds": {"minimum": KEY_AGE[0], "maximum": KEY_AGE[1]},
    "limits.print_age_seconds": {"minimum": PRINT_AGE[0], "maximum": PRINT_AGE[1]},
    "limits.print_wait_seconds": {"minimum": PRINT_WAIT[0], "maximum": PRINT_WAIT[1]},
    "limits.keys_per_command": {"minimum": KEYS[0], "maximum": KEYS[1]},
    "limits.max_open_balance": {"pattern": r"^\s*[0-9]{1,9}(\.[0-9]{1,2})? ?[A-Z]{3}\s*$"},
    "drill.at": {"pattern": r"^\s*([01][0-9]|2[0-3]):[0-5][0-9]\s*$"},
    "page.listen": {"pattern": _HOST_PORT},
    "page.acting": {"pattern": _HOST_PORT},
    "page.password": {"minLength": PAGE_PASSWORD},
    "console.code": {"minLength": CODE[0], "maxLength": CODE[1], "pattern": r"^[!-~]([ -~]*[!-~])?$"},
    "signing.key": {"pattern": r"^\s*[A-Za-z0-9+/]{43}=\s*$"},
    "signing.number": {"minimum": NUMBER[0], "maximum": NUMBER[1]},
}
_AT_LEAST_ONE = ("coder_bridge.encoders.key_cutters", "visionline.encoders", "visionline.encoders.key_cutters")
_TOGETHER: dict[str, Schema] = {
    "page": {"dependentRequired": {"acting": ["password"]}},
    "printers": {"dependentRequired": {"device": ["model"], "model": ["device"]}},
}
_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", Secret: "string"}


def schema() -> Schema:
    """The schema as a value of JSON."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Night Porter: the provisioning file of one hotel",
        **_object(list(settings()), ""),
    }


def text() -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _object(inside: list[Setting], path: str) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [each.name for each in inside if each.default is msgspec.NODEFAULT],
        "properties": {each.name: _setting(each) for each in inside},
        **_TOGETHER.get(path, {}),
    }


def _setting(setting: Setting) -> Schema:
    of_one = _section(setting) if setting.shape else _value(setting)
    at_least = {"minItems": 1} if setting.path in _AT_LEAST_ONE else {}
    match setting.form:
        case Form.LIST:
            found: Schema = {"type": "array", "items": of_one, **at_least}
        case Form.NAMED:
            found = {"type": "object", "additionalProperties": of_one}
        case _:
            found = of_one
    about = words(setting.path).about
    return {"description": about, **found, **_default(setting)}


def _section(setting: Setting) -> Schema:
    assert setting.shape
    return _object(list(settings(setting.shape, f"{setting.path}.")), setting.path)


def _value(setting: Setting) -> Schema:
    facts = _FACTS.get(setting.path, {})
    if issubclass(setting.kind, StrEnum):
        return {"enum": [str(value) for value in setting.kind]}
    if setting.kind in (str, Secret):
        longest = SECRET_CHARACTERS if setting.kind is Secret else TEXT_CHARACTERS
        return {"type": "string", "minLength": 1, "maxLength": longest, **facts}
    return {"type": _TYPES[setting.kind], **facts}


def _default(setting: Setting) -> Schema:
    """The default that holds, where it is a value that could be written."""
    value = setting.default
    if setting.shape or value in (None, (), "") or value is msgspec.NODEFAULT:
        return {}
    return {"default": list(value) if isinstance(value, tuple) else value}


if __name__ == "__main__":
    sys.stdout.write(text())
