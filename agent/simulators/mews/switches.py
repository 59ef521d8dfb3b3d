"""The switches of the Mews simulator: everything that the 2016 page leaves open, and what tests turn.

Must never hold behaviour. Source of the list: reference/mews.md section 12, as far as it concerns dialect 2016.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from agent.simulators.base.simulator import CommonSwitches

DEMO_TOKEN = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"  # noqa: S105 - public, v1 page


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
    """The switches with their defaults: what the 2016 page says, and strict where it is silent."""

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
