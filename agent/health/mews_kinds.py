"""Faults at Mews. What was found by asking it is not shown while the box has no network.

A kind's name is its code without "E-MEWS-".
"""

from agent.health.box_kinds import NETWORK
from agent.health.kind import NOTHING, OWN_PC, FaultKind, Level

_ONE_TOKEN = "Too many requests on this token. Raise `poll_seconds`, or look for another user of the token."  # noqa: S105

UNREACHABLE = FaultKind(
    "E-MEWS-UNREACHABLE",
    Level.FAULT,
    "Mews cannot be reached",
    hint="Check the hotel's internet line and firewall (outbound HTTPS). The box tries again by itself.",
    front_desk=f"Does the internet work at the desk? If not, restart the hotel's router. {OWN_PC}",
    depends_on=NETWORK,
)
SILENT = FaultKind(
    "E-MEWS-SILENT",
    Level.FAULT,
    "Mews does not answer",
    hint="A firewall or the hotel's line may have lost the connection, or Mews has trouble (see its status "
    "page). The box tries again by itself, on new connections.",
    front_desk=OWN_PC,
    depends_on=NETWORK,
)
CERTIFICATE = FaultKind(
    "E-MEWS-CERTIFICATE",
    Level.FAULT,
    "Mews' certificate is refused",
    hint="Is the box's clock right? If so, something on the way inspects TLS, or `platform` is wrong.",
    front_desk=OWN_PC,
    depends_on=NETWORK,
)
ANSWER = FaultKind(
    "E-MEWS-ANSWER",
    Level.FAULT,
    "Mews answers, but not as it should",
    hint="Check `platform` in the provisioning file; if it is right, Mews has trouble: see its status page.",
    front_desk=OWN_PC,
    depends_on=(*NETWORK, UNREACHABLE),
)
BARRED = FaultKind(
    "E-MEWS-BARRED",
    Level.FAULT,
    "Mews takes no calls from this box",
    hint=_ONE_TOKEN,
    front_desk=OWN_PC,
    depends_on=(*NETWORK, SILENT),
)
BUSY = FaultKind(
    "E-MEWS-BUSY",
    Level.WARNING,
    "Mews asks for a pause",
    hint=_ONE_TOKEN,
    front_desk="Wait a minute for the key. If its guest cannot wait, cancel the order in Mews, and cut the key at "
    "the lock system's own PC.",
    follows="orders wait until it is over",
    depends_on=(*NETWORK, UNREACHABLE, SILENT, BARRED),
)
TOKEN = FaultKind(
    "E-MEWS-TOKEN",
    Level.FAULT,
    "Mews refuses the token",
    hint="Get the token from the hotel's Mews administrator and write it into the provisioning file.",
    front_desk=f"Tell support and the hotel's Mews administrator. {OWN_PC}",
    depends_on=NETWORK,
)
DISABLED = FaultKind(
    "E-MEWS-DISABLED",
    Level.FAULT,
    "Mews signs the box in, but does not let it list orders",
    hint="Is the integration switched on in Mews? Another connector that signs in with the same token at the "
    "same moment looks the same: switch it off.",
    front_desk=f"Tell support and the hotel's Mews administrator. {OWN_PC}",
    depends_on=NETWORK,
)
RIVAL = FaultKind(
    "E-MEWS-RIVAL",
    Level.FAULT,
    "Another connector is active with this hotel's token",
    hint="Switch the other connector off (an old PC, a second box), or give this box a token of its own.",
    front_desk=f"Was a second Night Porter box switched on today? Switch that one off. {OWN_PC}",
    depends_on=NETWORK,
)
NO_DATE = FaultKind(
    "E-MEWS-NO-DATE",
    Level.WARNING,
    "Mews' answers carry no date",
    hint="The age of a key can only be counted from when the box first saw it. A proxy may strip the header.",
    front_desk=NOTHING,
    depends_on=NETWORK,
)
COMMAND = FaultKind(
    "E-MEWS-COMMAND",
    Level.WARNING,
    "Mews lists a command that cannot be read",
    hint="The command has no usable id, so nothing can be reported for it. Cancel it in Mews.",
    front_desk="If a key is not cut within a minute, cancel its order in Mews, then order it again.",
    depends_on=NETWORK,
)
STATE = FaultKind(
    "E-MEWS-STATE",
    Level.WARNING,
    "Mews lists a command in a state that this version does not know",
    hint="It is left alone. Update the box; until then order the key again.",
    front_desk="If a key is not cut within a minute, cancel its order in Mews, then order it again.",
    depends_on=NETWORK,
)
DIALECT = FaultKind(
    "E-MEWS-DIALECT",
    Level.FAULT,
    "This version speaks only Mews' dialect 2016",
    hint="Set mews.dialect to 2016 with its token, or update the box.",
    front_desk=OWN_PC,
)
UPDATE = FaultKind(
    "E-MEWS-UPDATE",
    Level.FAULT,
    "Mews lists orders, but does not answer the box's updates",
    hint="The box tries again by itself. If it stays so for some minutes, see Mews' status page.",
    front_desk=OWN_PC,
    follows="without its word no key is cut",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
CLAIM = FaultKind(
    "E-MEWS-CLAIM",
    Level.WARNING,
    "Mews did not let the box take the last order",
    hint="The note of the order in Mews says why. If it happens again, ask about the integration's rights.",
    front_desk="Read the note of the order in Mews, then order the key again.",
    follows="the next order will show whether it does again",
    depends_on=NETWORK,
)
CROWD = FaultKind(
    "E-MEWS-CROWD",
    Level.WARNING,
    "Mews lists more orders than the box takes at once",
    hint="They are taken as others end, and refused if they are too old by then. Cancel what is not wanted.",
    front_desk="Cancel in Mews the orders of keys that no guest waits for.",
    follows="keys go on being cut, and late ones are refused",
    depends_on=NETWORK,
)
SHARED = FaultKind(
    "E-MEWS-SHARED",
    Level.WARNING,
    "Commands go on without this box",
    hint="If they were not cancelled in Mews, another connector uses the same token: one box a token.",
    front_desk="Before you order a key again, look at all encoders for its card: another program may have cut it.",
    depends_on=NETWORK,
)
REPORT = FaultKind(
    "E-MEWS-REPORT",
    Level.WARNING,
    "Mews refuses to take a result",
    hint="The card is as the note says; only the state in Mews may be wrong. Check the command in Mews.",
    front_desk="Look at the encoder for the card before a key is ordered again.",
    depends_on=NETWORK,
)
