"""Faults of the box itself: network, clock, storage, its programs, its journal.

A kind's name is its code without "E-BOX-" or "E-".
"""

from agent.health.kind import NOTHING, OWN_PC, FaultKind, Level

CABLE = FaultKind(
    "E-BOX-CABLE",
    Level.FAULT,
    "The network cable is out or dead",
    hint="Push the cable in at the box and at the wall or switch until a lamp lights up there, or try another.",
    front_desk=f"Push the box's network cable in at both ends. {OWN_PC}",
    patience=4.0,  # so long a switch may take to see a cable
)
ADDRESS = FaultKind(
    "E-BOX-ADDRESS",
    Level.FAULT,
    "The box gets no network address",
    hint="Is the router on, and the cable in the right network? Where nothing gives addresses (no DHCP), write "
    "one into [network] of the provisioning file.",
    front_desk=f"Is the hotel's router on? Switch it on if it is not. {OWN_PC}",
    patience=20.0,  # DHCP tries three times in that, and a switch's port may sleep through the first
    depends_on=(CABLE,),
)
NETWORK = (CABLE, ADDRESS)  # what explains all that is said of a machine that is asked over the network
CLOCK = FaultKind(
    "E-BOX-CLOCK",
    Level.WARNING,
    "The box's clock is wrong",
    hint="It is set over the network (NTP): let UDP port 123 out, or name the hotel's time server as `ntp` in "
    "[network] of the provisioning file.",
    front_desk=NOTHING,
    follows="keys go on being cut, but secure connections may fail",
    patience=60.0,  # a laptop that wakes up asks Mews, and a clock that is wrong is set, within that
)
STORAGE = FaultKind(
    "E-BOX-STORAGE",
    Level.FAULT,
    "The box's card or disk is in trouble",
    hint="Switch the box off and on once. If this comes back, put in a new card or disk and flash it.",
    front_desk=f"Pull the box's plug once, wait ten seconds, and plug it in again. {OWN_PC}",
    follows="keys are cut only while the journal can be written",
    is_long=True,
)
FULL = FaultKind(
    "E-BOX-FULL",
    Level.WARNING,
    "The box's card or disk is nearly full",
    hint="No key is cut once it is full. Tell support; a box that is flashed again begins with an empty one.",
    front_desk="This stops no key yet. Tell support today.",
    depends_on=(STORAGE,),
)
POWER = FaultKind(
    "E-BOX-POWER",
    Level.WARNING,
    "The box's power supply is too weak",
    hint="Use the power supply and the cable that are made for it, with nothing else on its USB sockets. With too "
    "little voltage a box is slow, crashes, and damages its card.",
    front_desk="Is the box on its own power supply? Plug it in there if it is not, and tell support.",
)
HOT = FaultKind(
    "E-BOX-HOT",
    Level.WARNING,
    "The box is too hot",
    hint="Give it air: nothing on top of it, no closed cupboard, no heater or other device below it. A box so hot "
    "slows down, and ages quickly.",
    front_desk="Does something lie on the box, or is it shut in? Give it air.",
)
WEAR = FaultKind(
    "E-BOX-WEAR",
    Level.WARNING,
    "The box's memory is nearly worn out",
    hint="Plan to replace the box, or its memory, within weeks: a worn memory fails from one day to the next. "
    "Keep the provisioning file at hand, for the new one needs it.",
    front_desk="This stops no key yet. Tell support today.",
    depends_on=(STORAGE,),
    is_long=True,
)
SITE_NETWORK = FaultKind(
    "E-BOX-SITE-NETWORK",
    Level.WARNING,
    "The network is set on site, not as in the file",
    hint="Write the same into [network] of the provisioning file, so that another box of this hotel has it too.",
    front_desk=NOTHING,
    is_long=True,
)
CRASHED = FaultKind(
    "E-BOX-CRASHED",
    Level.WARNING,
    "The box crashed and started again",
    hint="It works again. If it happens more than once, try another power supply, then another box.",
    front_desk="Read in Mews the notes of keys from that time, and do what they say.",
    is_long=True,
)
AGENT = FaultKind(
    "E-BOX-AGENT",
    Level.WARNING,
    "The box's key program broke off and was started again",
    hint="It works again. Read the notes of keys that were being cut then. If it happens again, tell support.",
    front_desk="Read in Mews the notes of keys from that time, and do what they say.",
    is_long=True,
)
SAFE = FaultKind(
    "E-BOX-SAFE",
    Level.FAULT,
    "The box is in safe mode",
    hint="Its key program failed to start several times and is tried again every few minutes. Tell support, "
    "with what was changed last.",
    front_desk=f"Tell support now. {OWN_PC}",
    follows="keys are cut only while its program runs",
    is_long=True,
)
TELEMETRY_LATE = FaultKind(
    "E-TELEMETRY-LATE",
    Level.WARNING,
    "The box's figures are not taken",
    hint="Is the server at remote_write of [telemetry] on, and does the hotel's router let the box reach it? The "
    "figures of 36 hours are kept and told later.",
    front_desk=NOTHING,
    follows="keys are not affected",
    depends_on=NETWORK,
)
TELEMETRY_REFUSED = FaultKind(
    "E-TELEMETRY-REFUSED",
    Level.WARNING,
    "The box's figures are refused",
    hint="Compare address, user, password and token in [telemetry] with what the server wants; its log says why. "
    "What was refused is not told again.",
    front_desk=NOTHING,
    follows="keys are not affected",
)
TELEMETRY_WEBHOOK = FaultKind(
    "E-TELEMETRY-WEBHOOK",
    Level.WARNING,
    "The webhook does not take a message",
    hint="Compare webhook and webhook_token in [telemetry] with what the receiver wants. The message is sent "
    "again for a day, and the newest state counts.",
    front_desk=NOTHING,
    follows="keys are not affected",
    depends_on=NETWORK,
)
JOURNAL_WRITE = FaultKind(
    "E-JOURNAL-WRITE",
    Level.FAULT,
    "The journal cannot be written",
    hint="The disk is full or failing. No key is cut meanwhile. Free space, or replace the card.",
    front_desk=OWN_PC,
)
JOURNAL_DAMAGED = FaultKind(
    "E-JOURNAL-DAMAGED",
    Level.WARNING,
    "The journal was damaged",
    hint="Keys go on. Read in Mews the notes of orders from that time, and check by hand those that stay in "
    "Processing. If this comes again, put in a new card.",
    front_desk="Read in Mews the notes of keys from that time, and do what they say.",
)
