"""The switches of the Mews simulator: everything that its documents leave open, and what tests turn.

Must never hold behaviour. Source of the list: reference/mews.md section 12.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from agent.simulators.base.simulator import CommonSwitches

# The public tokens of the demo environment: v1 page, and the docs' page "Environments".
DEMO_CLIENT_TOKEN = "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D"  # noqa: S105 - public
DEMO_TOKEN = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"  # noqa: S105 - public


class Dialect(StrEnum):
    """Which of its documents Mews follows; the paths of the other one do not exist."""

    V2016 = "2016"
    CURRENT = "current"


class HotelKind(StrEnum):
    """What the property holds to begin with."""

    EXAMPLE = "example"  # what the v1 page shows: two rooms, one reservation
    SMALL = "small"  # four floors, guests of today, a dormitory, a company that pays


class Cursors(StrEnum):
    """How pages end."""

    HONEST = "honest"
    STUCK = "stuck"  # the same page again and again, with the same cursor
    ENDLESS = "endless"  # after the last page comes the first one


class KeyCutterData(StrEnum):
    """What stands in the text of that name, which a hotel's staff can write by hand."""

    GOOD = "good"
    NULL = "null"
    ABSENT = "absent"
    NOT_JSON = "not-json"  # a sample of Salto's is like that
    ARRAY = "array"
    HUGE = "huge"  # 1 MB
    DEEP = "deep"  # 10,000 levels


class Portfolio(StrEnum):
    """Whether the token is for several properties."""

    NO = "no"
    DOCUMENTED = "documented"  # the acts need EnterpriseId; the lists give all, the configuration a dummy without
    STRICT = "strict"  # 400 without EnterpriseId or EnterpriseIds, wherever the docs have one


class UnknownIds(StrEnum):
    """What asking for commands by ids gives for those that Mews does not know."""

    LEFT_OUT = "left-out"
    REFUSED = "refused"


class Transitions(StrEnum):
    """Which changes of a command's state are taken while it is not final."""

    STRICT = "strict"  # Pending, Received, Processing, final, in this order
    LENIENT = "lenient"  # any


class FinishedUpdate(StrEnum):
    """What an update of a final command gives."""

    REFUSE = "refuse"
    IGNORE = "ignore"  # 200, and nothing changes
    OVERWRITE = "overwrite"  # 200, and the state changes


class MewsSwitches(CommonSwitches, frozen=True):
    """The switches with their defaults: what the documents say, and strict where they are silent."""

    dialect: Annotated[Dialect, Meta(description="which documents it follows")] = Dialect.V2016
    hotel: Annotated[HotelKind, Meta(description="what the property holds; flipped, it begins again")] = (
        HotelKind.EXAMPLE
    )
    token: Annotated[str, Meta(description="the hotel's long-lived token", min_length=1)] = DEMO_TOKEN
    plain_token: Annotated[bool, Meta(description="the long-lived token is taken as AccessToken too")] = True
    sign_in: Annotated[bool, Meta(description="app/signIn exists")] = True
    rival_seconds: Annotated[
        Annotated[float, Meta(ge=0)] | None,
        Meta(description="a rival signs in so many seconds after each sign-in"),
    ] = None
    include_processing: Annotated[bool, Meta(description="getAllActive lists Processing, as in 2015")] = False
    include_final: Annotated[
        bool,
        Meta(description="getAllActive lists commands that are over, too, as a front end does that lags behind"),
    ] = False
    front_ends: Annotated[
        tuple[float, ...],
        Meta(description="seconds by which the clock of each front end is ahead; they answer in turn"),
    ] = ()
    repeated_processing: Annotated[
        bool, Meta(description="Processing may be told again, with another progress")
    ] = True
    mark_received: Annotated[bool, Meta(description="getAllActive turns Pending into Received")] = False
    transitions: Annotated[Transitions, Meta(description="which changes of state are taken")] = Transitions.STRICT
    direct_processing: Annotated[
        bool, Meta(description="strict: Pending may become Processing without Received")
    ] = True
    early_end: Annotated[bool, Meta(description="strict: Cancelled and Error may come before Processing")] = True
    bad_transition_status: Annotated[
        Literal[400, 403, 409], Meta(description="status of a refused change of state")
    ] = 400
    finished_update: Annotated[FinishedUpdate, Meta(description="what updating a final command gives")] = (
        FinishedUpdate.REFUSE
    )
    cancel_hours: Annotated[
        float, Meta(ge=0, le=1e6, description="age at which Mews cancels what no one handled, 0 for never")
    ] = 24.0
    unknown_fields: Annotated[bool, Meta(description="answers carry members that no page names")] = False
    type_member: Annotated[bool, Meta(description="Data carries a __type member")] = False
    unknown_device_type: Annotated[bool, Meta(description="listed commands are for a device of a new type")] = (
        False
    )
    unknown_state: Annotated[bool, Meta(description="listed commands are in a new state")] = False
    creator_null: Annotated[bool, Meta(description="Creator is null")] = False
    float_counts: Annotated[bool, Meta(description="KeyCount and CopyCount are written as 1.0")] = False
    empty_driver_and_port: Annotated[
        bool, Meta(description="a print command's driver and port are empty, as in the page's example")
    ] = True
    details: Annotated[bool, Meta(description="errors carry Details, as development environments do")] = False
    client_token: Annotated[str, Meta(description="current: the application's token", min_length=1)] = (
        DEMO_CLIENT_TOKEN
    )
    zone: Annotated[str, Meta(description="current: the property's IANA time zone")] = "Europe/Vienna"
    clock_offset_seconds: Annotated[
        float, Meta(ge=-1e9, le=1e9, description="current: NowUtc of the configuration is ahead by that")
    ] = 0.0
    page_size: Annotated[
        int, Meta(ge=1, le=1000, description="current: most items of a page, however many are asked for")
    ] = 1000
    newest_first: Annotated[bool, Meta(description="current: getAllActive begins with the newest command")] = False
    cursors: Annotated[Cursors, Meta(description="current: how pages end")] = Cursors.HONEST
    unknown_ids: Annotated[
        UnknownIds, Meta(description="current: getAllByIds, and a command that Mews does not know")
    ] = UnknownIds.LEFT_OUT
    service_ids: Annotated[
        bool, Meta(description="current: resourceCategories/getAll wants ServiceIds, as the docs have it")
    ] = True
    key_cutter_data: Annotated[KeyCutterData, Meta(description="current: what KeyCutterData holds")] = (
        KeyCutterData.GOOD
    )
    portfolio: Annotated[Portfolio, Meta(description="current: the token is for several properties")] = (
        Portfolio.NO
    )
    call_limit: Annotated[
        int, Meta(ge=1, description="calls of one AccessToken in a window; above, they are counted")
    ] = 200
    call_window_seconds: Annotated[float, Meta(gt=0, description="length of that window")] = 30.0
    call_limit_enforced: Annotated[bool, Meta(description="calls above the limit get 429")] = False
    call_limit_retry_after: Annotated[bool, Meta(description="such a 429 carries Retry-After")] = True
    body_limit: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="bytes of a request above which it gets 413")
    ] = None
    push: Annotated[bool, Meta(description="current: /ws/connector exists")] = True
    push_echo: Annotated[bool, Meta(description="a client's own updates are told as well")] = True
    push_copies: Annotated[int, Meta(ge=1, le=100, description="how many times each message comes")] = 1
    push_delay_seconds: Annotated[float, Meta(ge=0, description="how late a message comes")] = 0.0
    push_drop_after: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="a WebSocket breaks off after so many messages")
    ] = None
    push_silent: Annotated[bool, Meta(description="WebSockets are half open: no message, no answer to a ping")] = (
        False
    )
    push_noise: Annotated[bool, Meta(description="a PriceUpdate comes with each event")] = False
    push_garbage: Annotated[bool, Meta(description="what is no message of Mews comes before each")] = False
