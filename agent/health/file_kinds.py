"""Faults of the provisioning file, the page's address and updates. They hold at the box.

A kind's name is its code without "E-".
"""

from agent.health.kind import NOTHING, OWN_PC, FaultKind, Level

_AS_BEFORE = "Nothing: the box works as it did before."
_PERHAPS_AS_BEFORE = (
    "Tell support. If keys that are ordered in Mews are not cut, cut them at the lock system's own PC until this "
    "is green."
)

TAKE_REFUSED = FaultKind(
    "E-TAKE-REFUSED",
    Level.FAULT,
    "A provisioning file was refused",
    hint="Mend it where it came from. On the boot partition provisioning-result.txt, beside it, says what is "
    "wrong; start the box again then.",
    front_desk=_PERHAPS_AS_BEFORE,
    follows="the box goes on with the file that it took before, if there is one",
    is_long=True,
)
TAKE_NAME = FaultKind(
    "E-TAKE-NAME",
    Level.FAULT,
    "The provisioning file on the boot partition has another name",
    hint="With a laptop, give it the name provisioning.toml (provisioning-result.txt says what was found), "
    "then start the box again.",
    front_desk=_PERHAPS_AS_BEFORE,
    is_long=True,
)
TAKE_LEFT = FaultKind(
    "E-TAKE-LEFT",
    Level.WARNING,
    "Passwords of a provisioning file are still on the boot partition",
    hint="Delete there with a laptop the files that are named. The box has its own copy of what it needs.",
    front_desk="This stops no key. Let no stranger near the box, and tell support.",
    is_long=True,
)
TAKE_TRIAL = FaultKind(
    "E-TAKE-TRIAL",
    Level.WARNING,
    "A new provisioning file is on trial",
    hint="Leave the box on for two minutes. It keeps the file if Mews and the lock servers are reached as before.",
    front_desk="Leave the box switched on until this is green.",
    is_long=True,
)
TAKE_BACK = FaultKind(
    "E-TAKE-BACK",
    Level.WARNING,
    "A new provisioning file was taken back",
    hint="The box works with the file before. Mend what the text names, and give it the new file again.",
    front_desk=_AS_BEFORE,
    is_long=True,
)
FILE_MISSING = FaultKind(
    "E-FILE-MISSING",
    Level.FAULT,
    "No provisioning file",
    hint="Put provisioning.toml where the box looks for it, then reload it.",
    front_desk=f"The box is not set up yet. {OWN_PC}",
    depends_on=(TAKE_REFUSED, TAKE_NAME),
)
FILE_BAD = FaultKind(
    "E-FILE-BAD",
    Level.FAULT,
    "The provisioning file has mistakes",
    hint="Mend each line that is named. On a box, put the whole file on the boot partition again and start it "
    "again; elsewhere reload the file.",
    front_desk=f"The box is not set up yet. {OWN_PC}",
    is_long=True,
)
FILE_REFUSED = FaultKind(
    "E-FILE-REFUSED",
    Level.WARNING,
    "A new provisioning file was refused",
    hint="The box goes on with the old one. Mend each line of the new one that is named, then reload it.",
    front_desk=_AS_BEFORE,
    is_long=True,
)
PAGE_ADDRESS = FaultKind(
    "E-PAGE-ADDRESS",
    Level.WARNING,
    "The status page cannot be served at its address",
    hint="Keys go on. Set listen under [page] in the provisioning file to a free address of this machine, "
    "then reload the file; the box tries again by itself.",
    front_desk=NOTHING,
)
PAGE_MOVED = FaultKind(
    "E-PAGE-MOVED",
    Level.WARNING,
    "The page's new address counts from the next start",
    hint="Restart the box to serve this page at the address that the provisioning file now names.",
    front_desk=NOTHING,
)
PAGE_CERTIFICATE = FaultKind(
    "E-PAGE-CERTIFICATE",
    Level.WARNING,
    "The page that acts gets no certificate",
    hint="Keys go on, and this page still looks. Make what the text names right: the box tries again by itself.",
    front_desk=NOTHING,
)
PAGE_ACTING = FaultKind(
    "E-PAGE-ACTING",
    Level.WARNING,
    "The page that acts cannot be served at its address",
    hint="Keys go on, and this page still looks. Set acting under [page] in the provisioning file to a free "
    "address of this machine, then reload the file; the box tries again by itself.",
    front_desk=NOTHING,
)
UPDATE_TRIAL = FaultKind(
    "E-UPDATE-TRIAL",
    Level.WARNING,
    "A new version is on trial",
    hint="Leave the box on. It keeps the version if all works as before, and else goes back by itself.",
    front_desk="Leave the box switched on until this is green.",
    is_long=True,
)
UPDATE_REVERTED = FaultKind(
    "E-UPDATE-REVERTED",
    Level.WARNING,
    "An update was taken back",
    hint="The box works with the version that it had. Tell support the reason before the next try.",
    front_desk=_AS_BEFORE,
    is_long=True,
)
UPDATE_REFUSED = FaultKind(
    "E-UPDATE-REFUSED",
    Level.WARNING,
    "An update was refused",
    hint="Nothing was changed. Get the bundle for this kind of box, signed by its maker and not too old.",
    front_desk=_AS_BEFORE,
    is_long=True,
)
