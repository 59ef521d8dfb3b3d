"""Where the page that acts is, for those that tell people: loads nothing of it."""

import msgspec


class ActingPlace(msgspec.Struct, frozen=True):
    """Where it listens (HOST:PORT), and its certificate's fingerprint (AB:CD:...); "" while it is not served."""

    listens_at: str = ""
    fingerprint: str = ""
