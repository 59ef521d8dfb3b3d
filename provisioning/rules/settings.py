"""[support], [limits] and [page]: settings that may be left out."""

from provisioning.addresses import host, host_ip, is_own, listening
from provisioning.model import Limits, Page, Support
from provisioning.money import EXAMPLE, written
from provisioning.problems import Wrong, kind
from provisioning.rules.credentials import read_page_password
from provisioning.table import Table, plain

KEY_AGE, _USUAL_KEY_AGE = (1, 86400), (10, 3600)  # s; a round trip to Mews at the least, an hour at the most
PRINT_AGE, _USUAL_PRINT_AGE = (1, 604800), (60, 86400)  # s; Mews itself cancels a command after a day
PRINT_WAIT, _USUAL_PRINT_WAIT = (1, 86400), (60, 3600)  # s; a person has to come, and others wait behind it
KEYS, _USUAL_KEYS = (1, 100), (1, 10)  # copies; a family with all its relations
ACTING = "0.0.0.0:443"  # where a browser looks for a page with TLS


def read_support(table: Table) -> Support:
    """The section's values; mistakes go into the table's ledger."""
    support = Support(
        table.optional("name", plain, "Lock service Tyrol") or "",
        table.optional("phone", plain, "+43 512 000000") or "",
    )
    if support.phone and not any(character.isdecimal() for character in support.phone):
        table.warn("phone", "holds no digit, so it cannot be dialled", "Write it as it is dialled from the hotel")
    return support


def read_limits(table: Table) -> Limits:
    """The section's values; mistakes go into the table's ledger."""
    usual = Limits()
    limits = Limits(
        key_age_seconds=table.whole("key_age_seconds", *KEY_AGE, usual.key_age_seconds),
        print_age_seconds=table.whole("print_age_seconds", *PRINT_AGE, usual.print_age_seconds),
        print_wait_seconds=table.whole("print_wait_seconds", *PRINT_WAIT, usual.print_wait_seconds),
        keys_per_command=table.whole("keys_per_command", *KEYS, usual.keys_per_command),
        max_open_balance=_most_owed(table),
    )
    _doubt(table, limits)
    return limits


def _most_owed(table: Table) -> str:
    value = table.raw("max_open_balance")
    if isinstance(value, int | float):
        wrong = f"is {kind(value)}, not text"
        table.error("max_open_balance", wrong, f'Write it in quotes, with its currency: "{EXAMPLE}"')
        return ""
    return table.optional("max_open_balance", written, EXAMPLE) or ""


def _doubt(table: Table, limits: Limits) -> None:
    why = "is so short that keys are refused, or so long that stale ones are cut"
    table.doubt("key_age_seconds", limits.key_age_seconds, *_USUAL_KEY_AGE, why)
    why = "is so short that prints are refused, or longer than Mews keeps them"
    table.doubt("print_age_seconds", limits.print_age_seconds, *_USUAL_PRINT_AGE, why)
    why = (
        "is so short that no one can load paper meanwhile, or so long that the documents behind it wait for hours"
    )
    table.doubt("print_wait_seconds", limits.print_wait_seconds, *_USUAL_PRINT_WAIT, why)
    why = "lets a slip of the keyboard cut a heap of keys"
    table.doubt("keys_per_command", limits.keys_per_command, *_USUAL_KEYS, why)


def read_page(table: Table, own: str | None) -> Page:
    """The section's values; mistakes go into the table's ledger. `own` is the box's fixed address with its prefix,
    None for DHCP."""
    page = Page(
        table.optional("listen", listen, Page().listen) or Page().listen,
        table.texts("names", page_name, "aurora-desk.fritz.box"),
        table.optional("acting", acting, ACTING),
        read_page_password(table),
    )
    _check_own(table, "listen", page.listen, Page().listen, own)
    if page.acting:
        _check_own(table, "acting", page.acting, ACTING, own)
    _check_acting(table, page)
    return page


def _check_own(table: Table, name: str, listens: str, usual: str, own: str | None) -> None:
    at = host_ip(listening(listens)[0])
    if own and at and not (at.is_unspecified or at.is_loopback or is_own(str(at), own)):
        write = f'Write "{usual}", or the address that stands under [network]'
        table.warn(name, "is not the box's own address, so the page cannot be opened", write)


def _check_acting(table: Table, page: Page) -> None:
    if page.acting and listening(page.acting)[1] == listening(page.listen)[1]:
        wrong = "has the port of the page that looks, and the two are different servers"
        table.error("acting", wrong, f'Write "{ACTING}", or another port')
    if table.has("acting") and not table.has("password"):
        wrong = "is missing, so no one could act on the page"
        table.error("password", wrong, "Write a password for acting in quotes, or leave acting out")
    if table.has("password") and not table.has("acting"):
        wrong = "is not used, because without acting the page only looks"
        table.warn("password", wrong, f'Write acting = "{ACTING}" as well, or take the password out')


def listen(text: str) -> str:
    """HOST:PORT, the host an IP address (IPv6 in brackets) or localhost. Raises `Wrong`."""
    at, port = listening(text)
    return f"{at}:{port}"


def acting(text: str) -> str:
    """The same of the page that acts, whose port is another one. Raises `Wrong`."""
    if at := host_ip(text):
        host_part = f"[{at}]" if at.version == 6 else str(at)
        raise Wrong("has no port", f'Write "{host_part}:{listening(ACTING)[1]}"')
    return listen(text)


def page_name(text: str) -> str:
    """A host name in small letters, without the dot that may end it. Raises `Wrong`."""
    return host(text).removesuffix(".")
