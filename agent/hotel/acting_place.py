"""Where the page that acts is, for those that tell people: loads nothing of it."""

from datetime import datetime

import msgspec


class ActingPlace(msgspec.Struct, frozen=True):
    """Where it listens (HOST:PORT), its certificate's fingerprint (AB:CD:...) and end; "" and None while it is not
    served."""

    listens_at: str = ""
    fingerprint: str = ""
    until: datetime | None = None
