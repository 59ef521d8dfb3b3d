"""A request of IPP, checked as RFC 8011 section 4.1 wants it checked, in that order.

Must never be kinder than the RFC: a client that a strict printer would turn away is turned away here.
"""

from collections.abc import Mapping, Sequence

import msgspec

from agent.simulators.printer.wire import reading
from agent.simulators.printer.wire.codes import GroupTag, Operation, Status, Tag
from agent.simulators.printer.wire.message import Attribute, Group, Head, Message, Version

CHARSETS = ("utf-8", "us-ascii")
_LONGEST: Mapping[int, int] = {
    Tag.NAME: 255,
    Tag.TEXT: 1023,
    Tag.KEYWORD: 255,
    Tag.URI: 1023,
    Tag.MIME: 255,
}  # bytes, section 5.1
_NAME_TAGS = (Tag.NAME, Tag.NAME_WITH_LANGUAGE)
_TAGS: Mapping[str, tuple[int, ...]] = {
    "printer-uri": (Tag.URI,),
    "job-uri": (Tag.URI,),
    "job-id": (Tag.INTEGER,),
    "requesting-user-name": _NAME_TAGS,
    "job-name": _NAME_TAGS,
    "document-name": _NAME_TAGS,
    "document-format": (Tag.MIME,),
    "compression": (Tag.KEYWORD,),
    "ipp-attribute-fidelity": (Tag.BOOLEAN,),
    "last-document": (Tag.BOOLEAN,),
    "requested-attributes": (Tag.KEYWORD,),
    "which-jobs": (Tag.KEYWORD,),
    "my-jobs": (Tag.BOOLEAN,),
    "limit": (Tag.INTEGER,),
}


class Refused(Exception):
    """The printer says no: a status, words, and the attributes at fault."""

    def __init__(self, status: Status, words: str, *unsupported: Attribute) -> None:
        super().__init__(words)
        self.status, self.unsupported = status, unsupported


class Ask(msgspec.Struct, frozen=True):
    """A request that may be looked at: `asked` are its operation attributes, `job` those of the job."""

    head: Head
    asked: dict[str, Attribute]
    job: dict[str, Attribute]
    document: bytes

    def text(self, name: str) -> str:
        """The text of an operation attribute, empty without it."""
        found = self.asked.get(name)
        return found.content if found is not None and isinstance(found.content, str) else ""

    def number(self, name: str) -> int | None:
        """The number of an operation attribute."""
        found = self.asked.get(name)
        return found.content if found is not None and isinstance(found.content, int) else None

    def is_set(self, name: str) -> bool:
        """Whether a boolean is there and true."""
        found = self.asked.get(name)
        return found is not None and found.content is True

    @property
    def user(self) -> str:
        """Who says to ask, empty for no one."""
        return self.text("requesting-user-name")


def ask_of(body: bytes, versions: Sequence[str]) -> Ask:
    """The request in a body. Raises Refused, and `reading.Malformed` where not even a head can be read."""
    head = reading.head(body)
    if not any(text.startswith(f"{head.version[0]}.") for text in versions):
        raise Refused(Status.VERSION_NOT_SUPPORTED, f"IPP {head.version[0]}.{head.version[1]} is not spoken here")
    if not 0 < head.request_id < 1 << 31:
        raise Refused(Status.BAD_REQUEST, f"the request id {head.request_id} is not from 1 to {(1 << 31) - 1}")
    try:
        message = reading.decoded(body)
    except reading.Malformed as error:
        raise Refused(Status.BAD_REQUEST, str(error)) from None
    return _checked(message)


def version_for(asked: Version, versions: Sequence[str]) -> Version:
    """The version of an answer: the one that was asked with, else the nearest that the printer has."""
    spoken = sorted((int(text[0]), int(text[2])) for text in versions)
    return asked if asked in spoken else ([each for each in spoken if each[0] == asked[0]] or spoken)[-1]


def _checked(message: Message) -> Ask:
    _check_order(message.groups)
    asked = _named(message.groups[0])
    _check_beginning(message.groups[0].attributes)
    for each in asked.values():
        _check_kind(each)
    is_about_all = message.head.code == Operation.CUPS_GET_PRINTERS
    if not is_about_all and "printer-uri" not in asked and "job-uri" not in asked:
        raise Refused(Status.BAD_REQUEST, "neither printer-uri nor job-uri says who is asked")
    job = next((group for group in message.groups[1:] if group.tag == GroupTag.JOB), Group(GroupTag.JOB))
    return Ask(message.head, asked, _named(job), message.document)


def _check_order(groups: Sequence[Group]) -> None:
    """Operation attributes first, and no group twice (RFC 8011 section 4.1.1, as CUPS reads it)."""
    tags = [group.tag for group in groups]
    if not tags or tags[0] != GroupTag.OPERATION or tags != sorted(set(tags)):
        raise Refused(Status.BAD_REQUEST, "the groups of attributes are not in their order")


def _check_beginning(attributes: Sequence[Attribute]) -> None:
    """Character set first, language second (section 4.1.4)."""
    tags = [each.values[0].tag for each in attributes[:2]]
    names = [each.name for each in attributes[:2]]
    if names != ["attributes-charset", "attributes-natural-language"] or tags != [Tag.CHARSET, Tag.LANGUAGE]:
        raise Refused(
            Status.BAD_REQUEST,
            "attributes-charset is not the first, or attributes-natural-language not the second",
        )
    charset = attributes[0]
    if str(charset.content).lower() not in CHARSETS:
        raise Refused(Status.CHARSET_NOT_SUPPORTED, f"the character set is none of {', '.join(CHARSETS)}", charset)


def _check_kind(found: Attribute) -> None:
    """The kinds of the values, and their lengths."""
    tags = _TAGS.get(found.name)
    if tags is not None and any(value.tag not in tags for value in found.values):
        raise Refused(Status.BAD_REQUEST, f"{found.name} is not of its kind", found)
    if found.name != "requested-attributes" and tags is not None and len(found.values) != 1:
        raise Refused(Status.BAD_REQUEST, f"{found.name} has more than one value", found)
    for value in found.values:
        most = _LONGEST.get(value.tag)
        if most is not None and isinstance(value.content, str) and len(value.content.encode()) > most:
            raise Refused(Status.VALUE_TOO_LONG, f"a value of {found.name} is longer than {most} bytes")


def _named(group: Group) -> dict[str, Attribute]:
    return {each.name: each for each in group.attributes}
