"""The catalogue of faults: stable codes with level, title and what to do. Pure; nothing in here holds or waits.

Codes, titles and hints are shared by the page, the console, the log, the metrics and the manual.
"""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad it is: a warning lets keys go on, a fault stops some."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class FaultKind(msgspec.Struct, frozen=True):
    """An entry of the catalogue. `hides` are codes that say nothing new on the same hop while this one holds.

    `is_long`: its text may have several lines (reasons, one below the other) and LONG_TEXT characters.
    """

    code: str
    level: Level
    title: str
    hint: str
    hides: tuple[str, ...] = ()
    is_long: bool = False


_LOCK_ANSWERS = ("E-LOCK-ANSWER", "E-LOCK-ROOMS", "E-LOCK-KEY-ANSWER", "E-LOCK-KEYS")

CATALOGUE = {
    kind.code: kind
    for kind in (
        FaultKind(
            "E-FILE-MISSING",
            Level.FAULT,
            "No provisioning file",
            "Put provisioning.toml where the box looks for it, then reload it.",
        ),
        FaultKind(
            "E-FILE-BAD",
            Level.FAULT,
            "The provisioning file has mistakes",
            "Mend each line that is named. On a box, put the whole file on the boot partition again and start it "
            "again; elsewhere reload the file.",
            is_long=True,
        ),
        FaultKind(
            "E-FILE-REFUSED",
            Level.WARNING,
            "A new provisioning file was refused",
            "The box goes on with the old one. Mend each line of the new one that is named, then reload it.",
            is_long=True,
        ),
        FaultKind(
            "E-FILE-UNUSED",
            Level.WARNING,
            "The provisioning file asks for more than this version does",
            "Commands for these devices end in Error. Update the box when a version that drives them is there.",
        ),
        FaultKind(
            "E-PAGE-ADDRESS",
            Level.WARNING,
            "The status page cannot be served at its address",
            "Keys go on. Set listen under [page] in the provisioning file to a free address of this machine, "
            "then reload the file; the box tries again by itself.",
        ),
        FaultKind(
            "E-PAGE-MOVED",
            Level.WARNING,
            "The page's new address counts from the next start",
            "Restart the box to serve this page at the address that the provisioning file now names.",
        ),
        FaultKind(
            "E-BOX-CABLE",
            Level.FAULT,
            "The network cable is out or dead",
            "Push the cable in at the box and at the wall or switch until a lamp lights up there, or try another.",
            hides=("E-BOX-ADDRESS",),
        ),
        FaultKind(
            "E-BOX-ADDRESS",
            Level.FAULT,
            "The box gets no network address",
            "Is the router on, and the cable in the right network? Where nobody gives addresses (no DHCP), write "
            "one into [network] of the provisioning file.",
        ),
        FaultKind(
            "E-BOX-CLOCK",
            Level.WARNING,
            "The box's clock is wrong",
            "It is set over the network (NTP): let UDP port 123 out, or name the hotel's time server as `ntp` in "
            "[network] of the provisioning file.",
        ),
        FaultKind(
            "E-BOX-STORAGE",
            Level.FAULT,
            "The box's card or disk is in trouble",
            "Switch the box off and on once. If this comes back, put in a new card or disk and flash it.",
            hides=("E-BOX-FULL",),
            is_long=True,
        ),
        FaultKind(
            "E-BOX-FULL",
            Level.WARNING,
            "The box's card or disk is nearly full",
            "No key is cut once it is full. Tell support; a box that is flashed anew begins with an empty one.",
        ),
        FaultKind(
            "E-BOX-CRASHED",
            Level.WARNING,
            "The box crashed and started again",
            "It works again. If it happens more than once, try another power supply, then another box.",
            is_long=True,
        ),
        FaultKind(
            "E-BOX-AGENT",
            Level.WARNING,
            "The box's key program broke off and was started again",
            "It works again. Read the notes of keys that were being cut then. If it happens again, tell support.",
            is_long=True,
        ),
        FaultKind(
            "E-BOX-SAFE",
            Level.FAULT,
            "The box is in safe mode",
            "Its key program failed to start several times and is tried again every few minutes. Tell support, "
            "with what was changed last.",
            is_long=True,
        ),
        FaultKind(
            "E-TAKE-REFUSED",
            Level.FAULT,
            "The provisioning file on the boot partition was refused",
            "Mend provisioning.toml there with a laptop (provisioning-result.txt beside it says what is wrong), "
            "then start the box again.",
            is_long=True,
        ),
        FaultKind(
            "E-TAKE-NAME",
            Level.FAULT,
            "The provisioning file on the boot partition has another name",
            "With a laptop, give it the name provisioning.toml (provisioning-result.txt says what was found), "
            "then start the box again.",
            is_long=True,
        ),
        FaultKind(
            "E-TAKE-LEFT",
            Level.WARNING,
            "Passwords of a provisioning file are still on the boot partition",
            "Delete there with a laptop the files that are named. The box has its own copy of what it needs.",
            is_long=True,
        ),
        FaultKind(
            "E-UPDATE-TRIAL",
            Level.WARNING,
            "A new version is on trial",
            "Leave the box on. It keeps the version if all works as before, and else goes back by itself.",
            is_long=True,
        ),
        FaultKind(
            "E-UPDATE-REVERTED",
            Level.WARNING,
            "An update was taken back",
            "The box works with the version that it had. Tell support the reason before the next try.",
            is_long=True,
        ),
        FaultKind(
            "E-UPDATE-REFUSED",
            Level.WARNING,
            "An update was refused",
            "Nothing was changed. Get the bundle for this kind of box, signed by its maker and not too old.",
            is_long=True,
        ),
        FaultKind(
            "E-JOURNAL-WRITE",
            Level.FAULT,
            "The journal cannot be written",
            "The disk is full or failing. No key is cut meanwhile. Free space, or replace the card.",
        ),
        FaultKind(
            "E-JOURNAL-DAMAGED",
            Level.WARNING,
            "The journal was damaged",
            "Keys go on. Read in Mews the notes of orders from that time, and check by hand those that stay in "
            "Processing. If this comes again, put in a new card.",
        ),
        FaultKind(
            "E-MEWS-UNREACHABLE",
            Level.FAULT,
            "Mews cannot be reached",
            "Check the hotel's internet line and firewall (outbound HTTPS). The box tries again by itself.",
            hides=("E-MEWS-ANSWER", "E-MEWS-BUSY", "E-MEWS-UPDATE"),
        ),
        FaultKind(
            "E-MEWS-SILENT",
            Level.FAULT,
            "Mews does not answer",
            "A firewall or the hotel's line may have lost the connection, or Mews has trouble (see its status "
            "page). The box tries again by itself, on new connections.",
            hides=("E-MEWS-UPDATE", "E-MEWS-BUSY", "E-MEWS-BARRED"),
        ),
        FaultKind(
            "E-MEWS-CERTIFICATE",
            Level.FAULT,
            "Mews' certificate is refused",
            "Is the box's clock right? If so, something on the way inspects TLS, or `platform` is wrong.",
        ),
        FaultKind(
            "E-MEWS-ANSWER",
            Level.FAULT,
            "Mews answers, but not as it should",
            "Check `platform` in the provisioning file; if it is right, Mews has trouble: see its status page.",
        ),
        FaultKind(
            "E-MEWS-BARRED",
            Level.FAULT,
            "Mews takes no calls from this box",
            "Too many requests on this token. Raise `poll_seconds`, or look for another user of the token.",
            hides=("E-MEWS-BUSY",),
        ),
        FaultKind(
            "E-MEWS-BUSY",
            Level.WARNING,
            "Mews asks for a pause",
            "Too many requests on this token. Raise `poll_seconds`, or look for another user of the token.",
        ),
        FaultKind(
            "E-MEWS-TOKEN",
            Level.FAULT,
            "Mews refuses the token",
            "Get the token from the hotel's Mews administrator and write it into the provisioning file.",
        ),
        FaultKind(
            "E-MEWS-DISABLED",
            Level.FAULT,
            "Mews signs the box in, but does not let it list orders",
            "Is the integration switched on in Mews? Another connector that signs in with the same token at the "
            "same moment looks the same: switch it off.",
        ),
        FaultKind(
            "E-MEWS-RIVAL",
            Level.FAULT,
            "Another connector is active with this hotel's token",
            "Switch the other connector off (an old PC, a second box), or give this box a token of its own.",
        ),
        FaultKind(
            "E-MEWS-NO-DATE",
            Level.WARNING,
            "Mews' answers carry no date",
            "The age of a key can only be counted from when the box first saw it. A proxy may strip the header.",
        ),
        FaultKind(
            "E-MEWS-COMMAND",
            Level.WARNING,
            "Mews lists a command that cannot be read",
            "The command has no usable id, so nothing can be reported for it. Cancel it in Mews.",
        ),
        FaultKind(
            "E-MEWS-STATE",
            Level.WARNING,
            "Mews lists a command in a state that this version does not know",
            "It is left alone. Update the box; until then order the key again.",
        ),
        FaultKind(
            "E-MEWS-DIALECT",
            Level.FAULT,
            "This version speaks only Mews' dialect 2016",
            "Set mews.dialect to 2016 with its token, or update the box.",
        ),
        FaultKind(
            "E-MEWS-UPDATE",
            Level.FAULT,
            "Mews lists orders, but does not answer the box's updates",
            "The box tries again by itself. If it stays so for some minutes, see Mews' status page.",
        ),
        FaultKind(
            "E-MEWS-CLAIM",
            Level.WARNING,
            "Mews did not let the box take the last order",
            "The note of the order in Mews says why. If it happens again, ask about the integration's rights.",
        ),
        FaultKind(
            "E-MEWS-CROWD",
            Level.WARNING,
            "Mews lists more orders than the box takes at once",
            "They are taken as others end, and refused if they are too old by then. Cancel what is not wanted.",
        ),
        FaultKind(
            "E-MEWS-SHARED",
            Level.WARNING,
            "Commands go on without this box",
            "If nobody cancelled them, another connector uses the same token: one box a token.",
        ),
        FaultKind(
            "E-MEWS-REPORT",
            Level.WARNING,
            "Mews refuses to take a result",
            "The card is as the note says; only the state in Mews may be wrong. Check the command in Mews.",
        ),
        FaultKind(
            "E-LOCK-INACTIVE",
            Level.FAULT,
            "The Coder Bridge is switched off in the provisioning file",
            "Set coder_bridge.active = true once the connection test is well.",
        ),
        FaultKind(
            "E-LOCK-UNREACHABLE",
            Level.FAULT,
            "The lock server cannot be reached",
            "Is the lock system's PC on, its program running, and the address in the provisioning file right?",
            hides=("E-LOCK-SILENT", "E-LOCK-ADDRESS", "E-LOCK-AUTH", *_LOCK_ANSWERS),
        ),
        FaultKind(
            "E-LOCK-SILENT",
            Level.FAULT,
            "The lock server does not answer",
            "Restart the Coder Bridge's program on the lock system's PC, or the whole PC.",
            hides=("E-LOCK-AUTH", *_LOCK_ANSWERS),
        ),
        FaultKind(
            "E-LOCK-ADDRESS",
            Level.FAULT,
            "The lock server's address in the provisioning file does not fit",
            "Is `server` in [coder_bridge] the address of the Coder Bridge, with http or https as it speaks it?",
            hides=_LOCK_ANSWERS,
        ),
        FaultKind(
            "E-LOCK-CERTIFICATE",
            Level.FAULT,
            "The lock server's certificate is refused",
            "Compare the certificate with the lock system's PC, then write its SHA-256 into certificate_sha256.",
        ),
        FaultKind(
            "E-LOCK-AUTH",
            Level.FAULT,
            "The lock server refuses the log-in",
            "Check username and password of the Coder Bridge account in the provisioning file.",
        ),
        FaultKind(
            "E-LOCK-ANSWER",
            Level.FAULT,
            "The lock server answers, but not as it should",
            "Is this address really the Coder Bridge? If so, restart its program on the lock system's PC.",
        ),
        FaultKind(
            "E-LOCK-KEYS",
            Level.FAULT,
            "Key after key gets no answer that a Coder Bridge gives",
            "Restart the program on the lock system's PC. Paths in the site profile may not fit this bridge.",
            hides=("E-LOCK-KEY-ANSWER",),
        ),
        FaultKind(
            "E-LOCK-KEY-ANSWER",
            Level.WARNING,
            "The last key got no answer that a Coder Bridge gives",
            "The next key that is answered clears this. If none is, the site profile may not fit this bridge.",
        ),
        FaultKind(
            "E-LOCK-ROOMS",
            Level.WARNING,
            "The lock server's list of rooms cannot be read",
            "The log-in works, so keys may too. Restart the program on the lock system's PC if they do not.",
        ),
        FaultKind(
            "E-LOCK-UNCONFIRMED",
            Level.WARNING,
            "Calls to the lock server are used that nobody has confirmed",
            "Have the vendor confirm the site profile, or prove it at a supervised test, and mark it so.",
        ),
        FaultKind(
            "E-LOCK-PROFILE",
            Level.FAULT,
            "The site profile has calls that nobody has confirmed",
            "Have them confirmed, or set allow_unconfirmed for a supervised test.",
        ),
        FaultKind(
            "E-KEY-PERHAPS",
            Level.WARNING,
            "A key was perhaps cut",
            "Look at the encoder for a card and test it at the door; make it useless if its guest has another. "
            "This is shown for a day.",
            is_long=True,
        ),
        FaultKind(
            "E-KEY-UNWANTED",
            Level.WARNING,
            "A card was cut for an order that was closed meanwhile",
            "Find the card at the encoder and make it useless, or hand it out if the key is wanted after all. "
            "Mews does not know of it. This is shown for a day.",
            is_long=True,
        ),
        FaultKind(
            "E-ENCODER",
            Level.WARNING,
            "The encoder's last key went wrong",
            "Look at the encoder: power, network, a card presented in time. The next good key clears this.",
        ),
    )
}
