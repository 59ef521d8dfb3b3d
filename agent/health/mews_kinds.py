"""Faults at Mews. What was found by asking it is not shown while the box has no network.

A kind's name is its code without "E-MEWS-".
"""

from agent.health import box_kinds
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
PUSH = FaultKind(
    "E-MEWS-PUSH",
    Level.WARNING,
    "Mews does not say by itself when there is a new order",
    hint="Does the hotel's firewall let WebSockets through (outbound, to `push`)? Does Mews' status page tell of "
    'trouble? `push = "off"` under [mews] does without.',
    front_desk=NOTHING,
    follows="keys are cut all the same, for the box asks Mews more often",
    patience=60.0,  # a Mews that closes all its lines for an update is back within that
    depends_on=(*NETWORK, UNREACHABLE, SILENT, CERTIFICATE, BARRED),
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
OTHER_HAND = FaultKind(
    "E-MEWS-OTHER-HAND",
    Level.WARNING,
    "Another connector takes orders that are meant for this box",
    hint="Orders were new in Mews' list and taken a moment later, by something else. Two boxes with one token may "
    "each cut a key for one order: switch the other off, or give this box a token of its own.",
    front_desk="Is a second Night Porter box, or an old connector, switched on? Tell support. Take care that no "
    "guest gets two keys.",
    follows="keys may be cut twice",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
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
DISCONTINUED = FaultKind(
    "E-MEWS-DISCONTINUED",
    Level.FAULT,
    "Mews no longer offers what this version asks for",
    hint="Update the box. Mews announces such an end a year ahead, and switches off for some hours before it: the "
    "box tries again by itself.",
    front_desk=OWN_PC,
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
PORTFOLIO = FaultKind(
    "E-MEWS-PORTFOLIO",
    Level.FAULT,
    "The token is for several hotels",
    hint="Get a token of this hotel alone from Mews, or write the hotel's id into the file as `enterprise` under "
    "[mews]. Orders of another hotel must not reach this one's encoders.",
    front_desk=f"Tell support and the hotel's Mews administrator. {OWN_PC}",
    depends_on=NETWORK,
)
ENTERPRISE = FaultKind(
    "E-MEWS-ENTERPRISE",
    Level.WARNING,
    "Mews knows no hotel of the id in the file",
    hint="Compare `enterprise` under [mews] with the hotel's id in Mews. Is the token that hotel's?",
    front_desk=NOTHING,
    follows="keys go on being cut",
    depends_on=NETWORK,
)
ZONE = FaultKind(
    "E-MEWS-ZONE",
    Level.FAULT,
    "The hotel's time zone differs between Mews and the file",
    hint="Correct `timezone` under [box] in the file, or the hotel's time zone in Mews.",
    front_desk=f"Tell support. {OWN_PC}",
    follows="keys are cut, and may end at the wrong hour",
    depends_on=NETWORK,
)
CLOCK = FaultKind(
    "E-MEWS-CLOCK",
    Level.WARNING,
    "The box's clock and Mews' clock differ",
    hint="Does the box reach a time server (`ntp` under [network])? Keys go by Mews' time, certificates by the "
    "box's own.",
    front_desk=NOTHING,
    patience=60.0,  # s; as long as the box itself takes for it
    depends_on=(*NETWORK, box_kinds.CLOCK),
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
BALANCE = FaultKind(
    "E-MEWS-BALANCE",
    Level.WARNING,
    "The rule about open balances could not be applied",
    hint="Keys are cut all the same. `max_open_balance` needs the currency of the bills, and a guest who pays: "
    "Mews tells no balance of a company.",
    front_desk="Before you hand the key over, look at the guest's bill in Mews.",
    follows="keys are cut without that rule",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
DRILL = FaultKind(
    "E-MEWS-DRILL",
    Level.FAULT,
    "No key could be cut in the drill",
    hint="`nightporter mews order` does the same at once, and says where it ends. The next drill that goes well "
    "ends this fault.",
    front_desk="Order a key now, before guests wait for one. If it is not cut, cut keys at the lock system's own "
    "PC until this is green.",
    follows="the way from Mews to the encoder was broken then",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
CARD = FaultKind(
    "E-MEWS-CARD",
    Level.WARNING,
    "Mews does not take the number of a card",
    hint="May the integration write resource access tokens? `card_numbers = false` ends this.",
    front_desk="Nothing: the key works. Its number at the reservation in Mews is missing, or stands there still.",
    follows="keys are cut all the same",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
