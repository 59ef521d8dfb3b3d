"""What no one has confirmed of the calls that a task needs, for a person who may be asked to watch. No I/O.

Never takes an installer's permission for a proof.
"""

from agent.commands.driver import Task
from agent.drivers.coder_bridge.protocol.profile import Profile, grouped, unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot

SLOTS: dict[Task, tuple[Slot, ...]] = {
    Task.KEY: (Slot.GUEST_KEY,),
    Task.PRECHECKIN: (Slot.GUEST_KEY_PRECHECKIN,),
    Task.MOBILE: (Slot.MOBILE_KEY, Slot.MOBILE_KEY_PUSH),  # which of them, the guest's contact decides
    Task.CANCEL: (Slot.GUEST_KEY_CHECKOUT,),
    Task.ROOM_IN: (Slot.ROOM_CHECKIN,),
    Task.ROOM_OUT: (Slot.ROOM_CHECKOUT,),
    Task.READ: (Slot.READ_CARD,),
    Task.DOORS: (Slot.CONFIG_ROOMS,),
    Task.AREAS: (Slot.CONFIG_SPECIAL_AREAS,),
    Task.TIMES: (Slot.CONFIG_CHECKOUT_TIMES,),
}

_CARDS = (Task.KEY, Task.PRECHECKIN)


def doubts(profile: Profile, task: Task, *, areas: bool = False, copies: bool = False) -> str:
    """The entries that the task's calls use without proof, on one line by their groups; "" for none.

    `areas`: the key opens special areas; `copies`: it is one of several cards. Where the site has a mark for
    further cards, a key of the desk bears it too: it joins those of the guests.
    """
    is_marked = task in _CARDS and isinstance(profile.duplicates.how.value, dict)
    names = (
        name
        for slot in SLOTS[task]
        for name in unconfirmed(profile, slot, areas=areas, copies=copies or is_marked)
    )
    return grouped(tuple(dict.fromkeys(names)))
