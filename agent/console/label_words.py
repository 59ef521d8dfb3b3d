"""What the box itself has to say for its label: where it is, and what its own certificate is known by. Only words.

The label of a provisioning file is printed before the box has made that certificate. Must never show what opens
the box: code and password are on that label alone.
"""

from collections.abc import Iterator

_HALF = 48  # characters of a fingerprint in a line of 80: 16 bytes and the colon behind each
_MORE = "On a laptop: nightporter provision label FILE --fingerprint AB:CD:..."
_NO_PAGE_THAT_ACTS = "The page that acts is not served just now, so there is no certificate to name."


def halves(fingerprint: str) -> tuple[str, str]:
    """A fingerprint (AB:CD:...) in two lines."""
    return fingerprint[:_HALF], fingerprint[_HALF:]


def label_text(name: str, about: str, page: str, acting: str, fingerprint: str) -> str:
    """The lines for the screen. `about` is model and serial number, `page` and `acting` are addresses of both
    pages, `fingerprint` is of the certificate; "" where there is none.
    """
    return "\n".join(_lines(name, about, page, acting, fingerprint))


def _lines(name: str, about: str, page: str, acting: str, fingerprint: str) -> Iterator[str]:
    yield f"Night Porter   {name}{f', {about}' if about else ''}"
    yield f"Page           {page}"
    if not acting:
        yield _NO_PAGE_THAT_ACTS
        return
    first, second = halves(fingerprint)
    yield f"To act         {acting}"
    yield f"Certificate    {first}"
    yield f"{'SHA-256':<15}{second}"
    yield _MORE
