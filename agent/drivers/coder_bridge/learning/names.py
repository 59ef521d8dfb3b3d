"""Which names the fields of a key have, and how its dates are written: told by what is cut and what is refused.

Pure. Asks with the profile's own names first where those come from an earlier lesson. Else, and where that is
refused, with all the names of a field at once (a bridge passes over members that it does not know), so that the
date pattern is the one unknown; then halves the names of one field after the other. The less likely half is asked
for, because a refusal costs no card; but for the last field, because in the end a card has to be cut by what was
found.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from agent.drivers.coder_bridge.learning import variants
from agent.drivers.coder_bridge.learning.entries import Finding
from agent.drivers.coder_bridge.learning.lesson import Lesson
from agent.drivers.coder_bridge.learning.stay import Stay, has_time, over, written
from agent.drivers.coder_bridge.learning.steps import Flow, Heard
from agent.drivers.coder_bridge.protocol import validity
from agent.drivers.coder_bridge.protocol.profile import Entry
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Precision, Role, Slot, WhenNone

_MAY_BE_NEEDLESS = (Role.ENCODER, Role.END)  # a bridge may have defaults for them
Names = dict[Role, tuple[str, ...]]
_FROM_HERE = ("supervised test", "as guest_key")  # how the sources of what was found begin
_IN_WORDS = {
    Role.ROOM: "the room",
    Role.ENCODER: "the encoder",
    Role.START: "the start",
    Role.END: "the end",
}


class KeySearch:
    """The search at one call that cuts keys. `names` are those still possible, the likeliest first."""

    def __init__(self, lesson: Lesson, slot: Slot, stay: Stay) -> None:
        self._lesson, self._slot, self._stay = lesson, slot, stay
        self.names = self._own()
        self._needed: set[Role] = set()  # fields without which a request was refused
        self._needless: set[Role] = set()  # those without which a card was cut
        self._cut: set[frozenset[str]] = set()  # the fields of requests that cut a card, by the present pattern

    def run(self) -> Flow[bool]:
        """Find names and pattern; False where they were not found (the lesson's `missing` says what)."""
        is_cut = self._is_likely and (yield from self._is_cut(self.names, "a key by what is known so far"))
        if not is_cut and not (yield from self._by_all_names(is_asked=self._is_likely)):
            return False
        if not (yield from self._is_encoder_known()) or not (yield from self._is_end_known()):
            return False
        yield from self._start()
        yield from self._room()
        if frozenset(self._fields(self.names)) not in self._cut:
            return (yield from self._once_more())
        return True

    def again(self, what: str, more: Mapping[str, str] | None = None) -> Flow[Heard]:
        """One more card by what was found, with further fields."""
        return (yield from self._try(self.names, what, more or {}))

    def opens(self, start: datetime, end: datetime, what: str, names: Names | None = None) -> Flow[bool]:
        """Whether a key with these dates (wall clocks, marked as UTC) is cut and opens its door."""
        dates = self._lesson.profile.dates
        pattern, precision = dates.pattern.value, dates.precision.value
        first, last = (validity.written(moment, pattern, UTC, precision) for moment in (start, end))
        fields = self.fields(first, last, names)
        heard = yield from self._lesson.try_key(self._slot, self._lesson.profile, fields, what)
        if heard.ending is not Ending.DONE:
            return False
        return (yield from self._lesson.door(f"Try this card at the door of {self._lesson.room}: does it open?"))

    def fields(self, start: str, end: str, names: Names | None = None) -> dict[str, str]:
        """The fields of a request with these dates."""
        lesson = self._lesson
        values = {Role.ROOM: lesson.room, Role.ENCODER: lesson.encoder, Role.START: start, Role.END: end}
        filled = {name: values[role] for role, all in (names or self.names).items() for name in all}
        if lesson.profile.areas.when_none.value is WhenNone.EMPTY_TEXT and Role.AREAS in self._entries:
            filled[self._entries[Role.AREAS].value] = ""
        return filled

    @property
    def _entries(self) -> Mapping[Role, Entry[str]]:
        return self._lesson.profile.calls[self._slot].fields

    def _own(self) -> Names:
        sent = [role for role in _IN_WORDS if role in self._entries]
        if self._slot is Slot.GUEST_KEY and not self._lesson.profile.dates.send_start.value:
            sent = [role for role in sent if role is not Role.START]
        return {role: (self._lesson.profile.calls[self._slot].name(role),) for role in sent}

    def _all(self) -> Names:
        fields = self._lesson.profile.calls[self._slot].fields
        return {
            role: own if fields[role].confirmed else variants.in_order(own[0], variants.FIELDS[role])
            for role, own in self.names.items()
        }

    @property
    def _is_likely(self) -> bool:
        """Whether the profile's own names come from somewhere: an earlier lesson, or a key that was proved."""
        sources = {self._entries[role].source for role in self.names if not self._entries[role].confirmed}
        return not sources or any(source.startswith(_FROM_HERE) for source in sources)

    def _by_all_names(self, *, is_asked: bool) -> Flow[bool]:
        favourites, self.names = self.names, self._all()
        dates = self._lesson.profile.dates
        for pattern in self._patterns():
            if is_asked and pattern == dates.pattern.value and favourites == self.names:
                continue
            yield from self._write(pattern)
            if (yield from self._is_cut(self.names, f"a key with all names at once, its dates as {pattern}")):
                break
        else:
            self._lesson.missing.append(
                f"the fields of a key: each of {_listed(self.names)} was refused, with dates as "
                f"{' or '.join(self._patterns())}"
            )
            return False
        is_new = not (is_asked and pattern == dates.pattern.value)
        if is_new and favourites != self.names:
            what = f"the first names with dates as {pattern}"
            self.names = favourites if (yield from self._is_cut(favourites, what)) else self.names
        for role in (Role.ENCODER, Role.END):
            yield from self._narrow(role)
        return True

    def _patterns(self) -> Iterator[str]:
        own = self._lesson.profile.dates.pattern
        if own.confirmed:
            return iter((own.value,))
        hint = self._lesson.date_hint
        likely = (own.value, hint) if hint else (own.value,)
        return iter(dict.fromkeys((*likely, *(variant.value for variant in variants.DATE_PATTERNS))))

    def _write(self, pattern: str) -> Flow[None]:
        """Go on with this date pattern, as a guess."""
        if pattern == self._lesson.profile.dates.pattern.value:
            return
        self._cut.clear()
        precision = Precision.MINUTE if has_time(pattern) else Precision.DAY
        source = f"{self._lesson.source}: tried"
        guess = {"dates.pattern": pattern, "dates.precision": precision.value}
        findings = {name: Finding(value, source, is_proved=False) for name, value in guess.items()}
        yield from self._lesson.prove(findings, f"Dates are written as {pattern} now.")

    def _narrow(self, role: Role) -> Flow[None]:
        """Find the one name that counts among those of a field."""
        while len(self.names[role]) > 1:
            all = self.names[role]
            likely, others = all[: (len(all) + 1) // 2], all[(len(all) + 1) // 2 :]
            what = f"the key with {' and '.join(others)} alone for {_IN_WORDS[role]}"
            is_cut = yield from self._is_cut({**self.names, role: others}, what)
            self._needed |= set() if is_cut else {role}
            if is_cut and role in _MAY_BE_NEEDLESS and not (yield from self._is_needed(role)):
                others = all[:1]  # that it is cut says nothing of its names
            self.names[role] = others if is_cut else likely
        yield from self._guess(role)

    def _guess(self, role: Role) -> Flow[None]:
        """Keep a name as the better guess, so that a lesson that is broken off goes on from it."""
        name, (value,) = f"calls.{self._slot}.fields.{role}", self.names[role]
        if self._lesson.profile.calls[self._slot].name(role) != value:
            finding = Finding(value, f"{self._lesson.source}: tried", is_proved=False)
            yield from self._lesson.prove({name: finding}, f"{_IN_WORDS[role].capitalize()} goes as {value}.")

    def _is_encoder_known(self) -> Flow[bool]:
        """Whether the encoder's name counts at all: where there are several, another one could cut the card."""
        is_sure = self._entries[Role.ENCODER].confirmed or len(self._lesson.place.cutting) == 1
        if is_sure or (yield from self._is_needed(Role.ENCODER)):
            return True
        self._lesson.missing.append("the name of the encoder's field: a card is cut without it, too")
        return False

    def _is_end_known(self) -> Flow[bool]:
        """Whether the end's name counts; where a key needs no end, found by keys whose end is over."""
        if self._entries[Role.END].confirmed or (yield from self._is_needed(Role.END)):
            return True
        first, *all = variants.in_order(self.names[Role.END][0], variants.FIELDS[Role.END])
        if (yield from self._is_closed([first])):
            return True
        if not (yield from self._is_closed(all)):
            self._lesson.missing.append(f"the name of the end: none of {first}, {', '.join(all)} ends a key")
            return False
        while len(all) > 1:
            likely, others = all[: (len(all) + 1) // 2], all[(len(all) + 1) // 2 :]
            all = others if (yield from self._is_closed(others)) else likely
        self.names[Role.END] = tuple(all)
        yield from self._guess(Role.END)
        return True

    def _is_closed(self, names: Sequence[str]) -> Flow[bool]:
        """Whether a key that is over, by these names of its end, is refused or opens nothing."""
        dates, place = self._lesson.profile.dates, self._lesson.place
        start, end = over(place.now(), dates.pattern.value, place.zone)
        what = f"a key whose end is over, with {' and '.join(names)}"
        return not (yield from self.opens(start, end, what, {**self.names, Role.END: tuple(names)}))

    def _is_needed(self, role: Role) -> Flow[bool]:
        """Whether a key without a field is refused; asked once."""
        if role not in self._needed and role not in self._needless:
            names = {other: all for other, all in self.names.items() if other is not role}
            is_cut = yield from self._is_cut(names, f"the key without {_IN_WORDS[role]}")
            (self._needless if is_cut else self._needed).add(role)
        return role in self._needed

    def _start(self) -> Flow[None]:
        """Whether a start is needed at all; if so, its name."""
        profile = self._lesson.profile
        is_known = self._slot is not Slot.GUEST_KEY or profile.dates.send_start.confirmed
        is_known = is_known or profile.calls[self._slot].fields[Role.START].confirmed
        if Role.START not in self.names or (is_known and len(self.names[Role.START]) == 1):
            return
        without: Names = {role: names for role, names in self.names.items() if role is not Role.START}
        if not is_known and (yield from self._is_cut(without, "the key without a start")):
            self.names = without
            finding = Finding(False, f"{self._lesson.source}: tried", is_proved=False)
            yield from self._lesson.prove({"dates.send_start": finding}, "A key needs no start.")
            return
        yield from self._narrow(Role.START)

    def _room(self) -> Flow[None]:
        """The room's name: the vendor's word is the likelier one by far, so the card is asked for by that."""
        first, *others = self.names[Role.ROOM]
        if others:
            is_cut = yield from self._is_cut({**self.names, Role.ROOM: (first,)}, f"the key with {first} alone")
            self.names[Role.ROOM] = (first,) if is_cut else tuple(others)
            yield from self._narrow(Role.ROOM)

    def _once_more(self) -> Flow[bool]:
        """What was told by refusals has to cut a card."""
        if (yield from self._is_cut(self.names, "the key by what was found")):
            return True
        self._lesson.missing.append(f"the fields of a key: {_listed(self.names)} together were refused")
        return False

    def _is_cut(self, names: Names, what: str) -> Flow[bool]:
        heard = yield from self._try(names, what, {})
        if heard.ending is Ending.DONE:
            self._cut.add(frozenset(self._fields(names)))
        return heard.ending is Ending.DONE

    def _try(self, names: Names, what: str, more: Mapping[str, str]) -> Flow[Heard]:
        fields = self._fields(names) | dict(more)
        return (yield from self._lesson.try_key(self._slot, self._lesson.profile, fields, what))

    def _fields(self, names: Names) -> dict[str, str]:
        dates, zone = self._lesson.profile.dates, self._lesson.place.zone
        start, end = (written(moment, dates, zone) for moment in (self._stay.start, self._stay.end))
        return self.fields(start, end, names)


def _listed(names: Names) -> str:
    return "; ".join(f"{' or '.join(all)} for {_IN_WORDS[role]}" for role, all in names.items())
