"""The chapters of verbs: those of the desk, the console's own, and the commands beside them. Pure.

The console's come as an argument: the console stands above the page.
"""

from collections.abc import Iterator, Sequence

from agent.control.words.verbs import TABLE, May, Switch, Verb
from agent.status.manual.sections import Entry, Fact, Section

# The commands of `nightporter` that are no verbs of the desk. A test compares them with what it really takes.
COMMANDS = {
    "run": "run the agent",
    "demo": "simulators, the agent and its page on this machine",
    "check": "check a provisioning file",
    "status": "the status page as text",
    "console": "the serial console's verbs on this terminal",
    "update": "update this box from a signed bundle",
    "provision": "an installer's tools: make, explain, sign, label, send a file",
    "simulate": "a simulated Mews, lock server or printer",
    "bundle": "a support bundle: make one, or look into one",
    "manual": "the manual, or one topic of it",
    "help": "this list, or all about one command",
}


def desk_verbs() -> Section:
    """Those that every face has."""
    return Section(
        "verbs",
        "What can be done: the verbs",
        (
            "On the command line behind nightporter, on the serial console as they are. A verb that acts is "
            "written "
            "down with who did it; on the console it asks for the console code.",
        ),
        tuple(map(_verb, TABLE)),
    )


def console_verbs(own: Sequence[Verb]) -> Section:
    """The console's own."""
    about = "Beside the verbs above the serial console has these. They may be shortened as long as they are clear."
    return Section("console", "The serial console", (about,), tuple(map(_verb, own)))


def commands() -> Section:
    """The rest of the command line."""
    entries = tuple(Entry(f"nightporter {name}", f"{about}.") for name, about in COMMANDS.items())
    about = (
        "nightporter help COMMAND says all about one. Exit codes: 0 well, 2 a mistake in what was typed, 1 else."
    )
    return Section("commands", "The command line", (about,), entries)


def _verb(verb: Verb) -> Entry:
    return Entry(verb.name, f"{verb.help}.", tuple(_facts(verb)))


def _facts(verb: Verb) -> Iterator[Fact]:
    yield Fact("Write", typed=verb.usage)
    for option in verb.options:
        yield Fact("", option.help, f"{option.flag} {option.name}")
    for switch in verb.switches:
        yield Fact("", switch.help, _flags(switch))
    if verb.may is May.ACT:
        yield Fact("", "It acts.")


def _flags(switch: Switch) -> str:
    return f"{switch.flag}, {switch.short}"
