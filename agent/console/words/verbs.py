"""The console's table of verbs: its own, which need no agent, and whatever the desk's table holds. Pure.

To add a verb of its own: the request in `requests.py`, its row here, what it does in `agent/console/verbs/`.
"""

from agent.console.words import requests as asked
from agent.control.words.verbs import TABLE as DESK
from agent.control.words.verbs import Argument, May, Option, Switch, Takes, Verb

LINES = Option("--lines", "N", "lines", 1, 1000, "how many lines; 40 if left out")
_HOST = Argument("HOST", "host", Takes.TEXT, is_optional=True)
_ADDRESS = Argument("ADDRESS/PREFIX|dhcp|file", "address", Takes.TEXT)
_GATEWAY = Argument("GATEWAY", "gateway", Takes.TEXT, is_optional=True)
_DNS = Argument("DNS", "dns", Takes.TEXT, is_optional=True)

OWN: tuple[Verb, ...] = (
    Verb("setup", asked.Setup, "set the box up: what is missing, one question after the other", is_long=True),
    Verb("status", asked.Status, "how the box, Mews, the lock servers and the encoders are", May.LOOK),
    Verb("hops", asked.Hops, "Mews, box, lock servers, encoders and printers, a line each", May.LOOK),
    Verb("encoders", asked.Encoders, "the encoders and printers, and how to write them", May.LOOK),
    Verb("faults", asked.Faults, "what is wrong, and what to do about it", May.LOOK),
    Verb(
        "explain",
        asked.Explain,
        "a fault's code in words",
        May.LOOK,
        arguments=(Argument("CODE", "code", Takes.CODE),),
    ),
    Verb("journal", asked.Journal, "the last orders, and what became of them", May.LOOK),
    Verb("time", asked.TimeNow, "the time, where it comes from, how far off it is", May.LOOK),
    Verb(
        "log",
        asked.Log,
        "the last lines of the log; -f goes on with what comes",
        May.LOOK,
        options=(LINES,),
        switches=(Switch("--follow", "-f", "follows", "go on with what comes"),),
        is_long=True,
    ),
    Verb("label", asked.Label, "for the box's label: addresses, and the certificate's fingerprint", May.LOOK),
    Verb("network show", asked.NetworkShow, "cable, addresses, gateway, DNS", May.LOOK),
    Verb(
        "network set",
        asked.NetworkSet,
        "another address at once, undone after two minutes unless it is confirmed",
        arguments=(_ADDRESS, _GATEWAY, _DNS),
    ),
    Verb("network confirm", asked.NetworkConfirm, "keep what was set"),
    Verb("network undo", asked.NetworkUndo, "go back to the network settings before"),
    Verb(
        "network test",
        asked.NetworkTest,
        "the way to Mews and the lock servers, step by step, or to a host",
        May.LOOK,
        arguments=(_HOST,),
        is_long=True,
    ),
    Verb("provision show", asked.ProvisionShow, "what the provisioning file says, without its secrets", May.LOOK),
    Verb("provision new", asked.ProvisionNew, "make a provisioning file by answering questions", is_long=True),
    Verb("provision receive", asked.ProvisionReceive, "take a file that is sent over this line", is_long=True),
    Verb("provision check", asked.ProvisionCheck, "what is wrong with a file that is sent", is_long=True),
    Verb("provision diff", asked.ProvisionDiff, "what a file that is sent would change", is_long=True),
    Verb("provision confirm", asked.ProvisionConfirm, "keep the file that is on trial"),
    Verb("provision rollback", asked.ProvisionRollback, "go back to the file before"),
    Verb(
        "bundle",
        asked.Bundle,
        "a support bundle as lines of text, for provision receive-bundle on a laptop",
        switches=(Switch("--send", "-s", "sends", "to a laptop that answers: damaged lines are sent again"),),
        is_long=True,
    ),
    Verb("identify", asked.Identify, "blink for a minute, so that a person finds the box", May.LOOK),
    Verb(
        "update",
        asked.Update,
        "update the box from a signed bundle at a web address",
        arguments=(Argument("URL", "source", Takes.TEXT),),
        is_long=True,
    ),
    Verb("reboot", asked.Reboot, "let a running key finish, and start the box again"),
    Verb(
        "factory-reset",
        asked.FactoryReset,
        "forget file, journal and settings; NAME is the box's own, so that it is no slip",
        arguments=(Argument("NAME", "name", Takes.TEXT),),
    ),
    Verb("login", asked.LogIn, "give the console code of the label", May.LOOK),
    Verb("logout", asked.LogOut, "only look again", May.LOOK),
    Verb(
        "help",
        asked.Help,
        "this list, or one verb",
        May.LOOK,
        arguments=(
            Argument("VERB", "verb", Takes.VERB, is_optional=True),
            Argument("WORD", "more", Takes.TEXT, is_optional=True),
        ),
    ),
)
# The desk's own are at the top of each list: they are what the box is for.
VERBS = {verb.name: verb for verb in (*DESK, *OWN)}
DESK_VERBS = frozenset(verb.name for verb in DESK) - {verb.name for verb in OWN}  # bundle is a transfer here
