"""Faults at a lock server, at its encoders, and cards that need to be looked after.

What was found by asking is not shown while the box has no network, and of an encoder not while its server is dead.
A kind's name is its code without "E-LOCK-", "E-LANE-" or "E-".
"""

from agent.health.box_kinds import NETWORK
from agent.health.kind import OWN_PC, FaultKind, Level

INACTIVE = FaultKind(
    "E-LOCK-INACTIVE",
    Level.FAULT,
    "The Coder Bridge is switched off in the provisioning file",
    hint="Set coder_bridge.active = true once the connection test is well.",
    front_desk=OWN_PC,
    follows="keys are refused meanwhile",
)
UNREACHABLE = FaultKind(
    "E-LOCK-UNREACHABLE",
    Level.FAULT,
    "The lock server cannot be reached",
    hint="Is the lock system's PC on, its program running, and the address in the provisioning file right?",
    front_desk=f"Is the lock system's PC on? Switch it on if it is not. {OWN_PC}",
    depends_on=NETWORK,
)
WEB_API = FaultKind(
    "E-LOCK-WEB-API",
    Level.FAULT,
    "The lock server is up, but its web API is closed",
    hint="Switch the web API on in VisiOnline (it needs its licence option), let the PC's firewall pass its port, "
    "and compare that with `server` in [[visionline]].",
    front_desk=f"Tell support: the lock system's PC is on, but its web API is off. {OWN_PC}",
    depends_on=NETWORK,
)
SILENT = FaultKind(
    "E-LOCK-SILENT",
    Level.FAULT,
    "The lock server does not answer",
    hint="Restart the Coder Bridge's program on the lock system's PC, or the whole PC.",
    front_desk=f"Restart the lock system's PC if no key is being cut there. {OWN_PC}",
    depends_on=(*NETWORK, UNREACHABLE, WEB_API),
)
ADDRESS = FaultKind(
    "E-LOCK-ADDRESS",
    Level.FAULT,
    "The lock server's address in the provisioning file does not fit",
    hint="Is `server` in [coder_bridge] the address of the Coder Bridge, with http or https as it speaks it?",
    front_desk=f"Tell support. {OWN_PC}",
    depends_on=(*NETWORK, UNREACHABLE, WEB_API),
)
CERTIFICATE = FaultKind(
    "E-LOCK-CERTIFICATE",
    Level.FAULT,
    "The lock server's certificate is refused",
    hint="Compare the certificate with the lock system's PC, then write its SHA-256 into certificate_sha256.",
    front_desk=f"Tell support. {OWN_PC}",
    depends_on=NETWORK,
)
AUTH = FaultKind(
    "E-LOCK-AUTH",
    Level.FAULT,
    "The lock server refuses the log-in",
    hint="Check username and password of the Coder Bridge account in the provisioning file.",
    front_desk=f"Was a password of the lock system changed today? Tell support. {OWN_PC}",
    depends_on=(*NETWORK, UNREACHABLE, WEB_API, SILENT),
)
_NO_WAY_TO_IT = (*NETWORK, UNREACHABLE, WEB_API, SILENT, ADDRESS)
ANSWER = FaultKind(
    "E-LOCK-ANSWER",
    Level.FAULT,
    "The lock server answers, but not as it should",
    hint="Is this address really the Coder Bridge? If so, restart its program on the lock system's PC.",
    front_desk=f"Restart the lock system's PC if no key is being cut there. {OWN_PC}",
    depends_on=_NO_WAY_TO_IT,
)
KEYS = FaultKind(
    "E-LOCK-KEYS",
    Level.FAULT,
    "Key after key gets no answer that a lock server gives",
    hint="Restart the program on the lock system's PC. Paths in the site profile may not fit this bridge.",
    front_desk=f"Read the notes of the last keys in Mews, and tell support. {OWN_PC}",
    follows="the next one is likely to fail as well",
    depends_on=_NO_WAY_TO_IT,
)
KEY_ANSWER = FaultKind(
    "E-LOCK-KEY-ANSWER",
    Level.WARNING,
    "The last key got no answer that a lock server gives",
    hint="The next key that is answered clears this. If none is, the site profile may not fit this bridge.",
    front_desk="Read the note of the last key in Mews, and do what it says.",
    follows="the next one will show whether it works again",
    depends_on=(*_NO_WAY_TO_IT, KEYS),
)
ROOMS = FaultKind(
    "E-LOCK-ROOMS",
    Level.WARNING,
    "The lock server's list of rooms cannot be read",
    hint="The log-in works, so keys may too. Restart the program on the lock system's PC if they do not.",
    front_desk="If a key that was ordered in Mews fails, cut it at the lock system's own PC.",
    depends_on=_NO_WAY_TO_IT,
)
LISTS = FaultKind(
    "E-LOCK-LISTS",
    Level.WARNING,
    "A list of the lock server cannot be read",
    hint="Keys are cut without it. Have the vendor confirm how it is asked for, and mark it in the site profile.",
    front_desk="Keys are cut as they were ordered. Try a card for further doors there before the guest gets it.",
    depends_on=_NO_WAY_TO_IT,
)
SIGNATURE = FaultKind(
    "E-LOCK-SIGNATURE",
    Level.FAULT,
    "The lock server lets the box in and refuses what it signs",
    hint='Set the clock of the lock system\'s PC. If it is right, write date_header = "X-Aah-Date" in '
    "[[visionline]].",
    front_desk=f"Tell support. {OWN_PC}",
    depends_on=(*_NO_WAY_TO_IT, CERTIFICATE, AUTH, ANSWER),
)
RIGHTS = FaultKind(
    "E-LOCK-RIGHTS",
    Level.FAULT,
    "The lock server lets the box in and refuses it cards",
    hint="Has the box's operator the rights of VisiOnline's template System Manager? If the encoder's name has a "
    'blank, write signed_target = "plain", or give it a name without one.',
    front_desk=f"Tell support. {OWN_PC}",
    follows="keys are refused until one is made again",
    depends_on=(*_NO_WAY_TO_IT, CERTIFICATE, AUTH, ANSWER, SIGNATURE),
)
SESSIONS = FaultKind(
    "E-LOCK-SESSIONS",
    Level.WARNING,
    "The lock server does not close the box's sessions",
    hint="Keys go on. Should they begin to fail, restart VisiOnline's services on the lock system's PC.",
    front_desk="Nothing: this stops no key by itself.",
    depends_on=(*_NO_WAY_TO_IT, CERTIFICATE, AUTH, ANSWER, SIGNATURE),
)
OPERATOR = FaultKind(
    "E-LOCK-OPERATOR",
    Level.WARNING,
    "The box uses VisiOnline's default operator",
    hint="Make an operator of its own for the box in VisiOnline, with a password of its own, and write both into "
    "[[visionline]].",
    front_desk="Nothing: this stops no key.",
)
OTHER_SERVER = FaultKind(
    "E-LOCK-OTHER-SERVER",
    Level.FAULT,
    "Orders from Mews name a lock server that is not in the provisioning file",
    hint="Is that address right? If so, write it as server of [[visionline]]; else correct it at the key cutter "
    "in Mews. Their user and password were sent nowhere.",
    front_desk=f"Tell support. {OWN_PC}",
    follows="keys that are ordered so are refused",
)
ORDER_LOG_IN = FaultKind(
    "E-LOCK-ORDER-LOG-IN",
    Level.FAULT,
    "The lock server refuses the account that orders from Mews bring along",
    hint="Correct user and password at the key cutter in Mews, or the operator in VisiOnline.",
    front_desk=f"Was a password of the lock system changed today? Tell support. {OWN_PC}",
    follows="keys that are ordered so are refused",
    depends_on=(*_NO_WAY_TO_IT, CERTIFICATE),
)
UNCONFIRMED = FaultKind(
    "E-LOCK-UNCONFIRMED",
    Level.WARNING,
    "Unconfirmed calls to the lock server are used",
    hint="Have the vendor confirm the site profile, or prove it at a supervised test, and mark it so.",
    front_desk="Try each new card at its door before the guest gets it.",
)
PROFILE = FaultKind(
    "E-LOCK-PROFILE",
    Level.FAULT,
    "The site profile has unconfirmed calls",
    hint="Have them confirmed, or set allow_unconfirmed for a supervised test.",
    front_desk=OWN_PC,
)
ENCODER = FaultKind(
    "E-ENCODER",
    Level.WARNING,
    "The encoder's last key went wrong",
    hint="Look at the encoder: power, network, a card presented in time. The next good key clears this.",
    front_desk="Read the note of the last key in Mews. Where it says so, order again, and lay a card on at once. "
    "If that fails too, use another encoder or the lock system's own PC.",
    depends_on=(*_NO_WAY_TO_IT, CERTIFICATE, AUTH, ANSWER),
)
PAUSED = FaultKind(
    "E-LANE-PAUSED",
    Level.FAULT,
    "It was paused by hand",
    hint="`nightporter resume` with its name lets it go on; so does a restart of the box.",
    front_desk=f"Order the key at another encoder, or ask the one who paused this one to let it go on. {OWN_PC}",
)
KEY_PERHAPS = FaultKind(
    "E-KEY-PERHAPS",
    Level.WARNING,
    "A key was perhaps cut",
    hint="Look at the encoder for a card and test it at the door; make it useless if its guest has another. "
    "This is shown for a day.",
    front_desk="Look at the encoder for a card, and try it at its door. If it opens, it is the guest's key. If it "
    "does not, or there is none, order the key again.",
    follows="look at the encoder for a card",
    is_long=True,
)
KEY_UNWANTED = FaultKind(
    "E-KEY-UNWANTED",
    Level.WARNING,
    "A card was cut for an order that was closed meanwhile",
    hint="Find the card at the encoder and make it useless, or hand it out if the key is wanted after all. "
    "Mews does not know of it. This is shown for a day.",
    front_desk="Take the card from the encoder. Give it to its guest if the key is wanted after all, else make it "
    "useless at the lock system's own PC.",
    follows="find the card at the encoder",
    is_long=True,
)
