"""What can be asked of the console itself, one frozen struct a verb. It needs no agent for any of them."""

import msgspec


class Status(msgspec.Struct, frozen=True):
    """The box as its page shows it."""


class Hops(msgspec.Struct, frozen=True):
    """Mews, the box, lock servers and encoders, a line each."""


class Encoders(msgspec.Struct, frozen=True):
    """The encoders and printers, a line each."""


class Faults(msgspec.Struct, frozen=True):
    """What is wrong, and what to do about it."""


class Explain(msgspec.Struct, frozen=True):
    """A fault of the catalogue in words."""

    code: str


class Journal(msgspec.Struct, frozen=True):
    """The last orders and what became of them."""


class TimeNow(msgspec.Struct, frozen=True):
    """The time, and how sure it is."""


class Log(msgspec.Struct, frozen=True):
    """The last lines of the log; going on with what comes."""

    lines: int = 40
    follows: bool = False


class Label(msgspec.Struct, frozen=True):
    """What the box itself adds to its label: its addresses, and the certificate's fingerprint."""


class NetworkShow(msgspec.Struct, frozen=True):
    """Cable, addresses, gateway, DNS."""


class NetworkSet(msgspec.Struct, frozen=True):
    """Another address at once, undone after two minutes unless it is confirmed.

    `address` is "ADDRESS/PREFIX", or "dhcp", or "file": what the provisioning file says.
    """

    address: str
    gateway: str = ""
    dns: str = ""


class NetworkConfirm(msgspec.Struct, frozen=True):
    """Keep what was set."""


class NetworkUndo(msgspec.Struct, frozen=True):
    """Go back to what was before."""


class NetworkTest(msgspec.Struct, frozen=True):
    """The way to Mews and to the lock servers, step by step, or to one host."""

    host: str = ""


class ProvisionShow(msgspec.Struct, frozen=True):
    """The active provisioning file in words, without its secrets."""


class ProvisionNew(msgspec.Struct, frozen=True):
    """Make a provisioning file by answering questions."""


class ProvisionReceive(msgspec.Struct, frozen=True):
    """Take a provisioning file over this line."""


class ProvisionCheck(msgspec.Struct, frozen=True):
    """Say what is wrong with a file that comes over this line."""


class ProvisionDiff(msgspec.Struct, frozen=True):
    """Say what a file that comes over this line would change."""


class ProvisionConfirm(msgspec.Struct, frozen=True):
    """Keep the file that is on trial."""


class ProvisionRollback(msgspec.Struct, frozen=True):
    """Go back to the file before."""


class Setup(msgspec.Struct, frozen=True):
    """What is still missing, one question after the other."""


class Bundle(msgspec.Struct, frozen=True):
    """A support bundle over this line; `sends`: to a program that answers."""

    sends: bool = False


class Identify(msgspec.Struct, frozen=True):
    """Blink, so that a person finds the box."""


class Update(msgspec.Struct, frozen=True):
    """Update the box from a signed bundle."""

    source: str


class Reboot(msgspec.Struct, frozen=True):
    """Start the box again."""


class FactoryReset(msgspec.Struct, frozen=True):
    """Forget everything, and start as new."""

    name: str


class LogIn(msgspec.Struct, frozen=True):
    """Give the console code."""


class LogOut(msgspec.Struct, frozen=True):
    """This line only looks again."""


class Help(msgspec.Struct, frozen=True):
    """All verbs, or one."""

    verb: str = ""
    more: str = ""
