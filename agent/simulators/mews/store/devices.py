"""The devices of a simulated property: the same id for the same name, always. Ids and names are invented."""

from uuid import NAMESPACE_URL, uuid5

from agent.simulators.mews.store.records import Device

KEY_CUTTER = "VisiOnlineKeyCutter"  # so in 2016,
KEY_CUTTER_TODAY = "KeyCutter"  # and so since 2017
PRINTER = "Printer"


def invented_id(text: str) -> str:
    """The id of what that text names."""
    return str(uuid5(NAMESPACE_URL, text))


def key_cutter(identifier: str, type: str | None = KEY_CUTTER_TODAY) -> Device:
    """The device of a key cutter."""
    return Device(invented_id(f"key-cutter:{identifier}"), f"Key cutter {identifier}", type, identifier)


def printer(name: str) -> Device:
    """The device of a printer."""
    return Device(invented_id(f"printer:{name}"), name, PRINTER)
