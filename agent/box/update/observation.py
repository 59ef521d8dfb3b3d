"""Looks at the box as long as it takes: until the agent is there, until a new version is good or surely is not."""

from agent.box.tools.programs import ProgramTrouble, Run
from agent.box.update.decisions import good_version
from agent.box.update.effects import Effects
from agent.box.update.record import Pending
from agent.handover import notices

# s since the machine started. A slow box has its page after 120 s; then Mews and lock servers have their time, and
# people at a desk should not wait much longer for a box that goes back.
TRIAL_SECONDS = 300.0
LEAST_SECONDS = 180.0  # s from the trial's begin: a long check of the disk is no fault of the new version
HOLD_SECONDS = 10.0  # s that all has to be well without a break
AGENT_SECONDS = 90.0  # s that a start without an update waits for the agent, before the slot counts as good
SAFE_MODE = "E-BOX-SAFE"
LOOK_SECONDS = 2.0  # s between two looks
ASK_SECONDS = 30.0  # s for an answer of systemd


def wait_agent(effects: Effects) -> None:
    """Wait until the agent runs or systemd gave it up, but not for ever."""
    until = effects.clock() + AGENT_SECONDS
    while agent_state(effects) not in ("active", "failed") and effects.clock() < until:
        effects.pause(LOOK_SECONDS)


def objections_on_trial(effects: Effects, version: str, pending: Pending) -> tuple[str, ...]:
    """Why the new version is not good; nothing if it was, without a break, for long enough.

    `version` is the one that runs.
    """
    until = max(TRIAL_SECONDS, effects.clock() + LEAST_SECONDS)
    well_since: float | None = None
    told: tuple[str, ...] = ()
    while True:
        seen = _observed(effects, version)
        reasons, now = good_version.objections(seen, pending), effects.clock()
        if reasons:
            well_since = None
        elif well_since is None:
            well_since = now
        elif now - well_since >= HOLD_SECONDS:
            return ()
        if now >= until or good_version.is_hopeless(seen):
            return reasons or ("It did not work without a break.",)
        if reasons and reasons != told:
            told = reasons
            effects.say(f"Not yet: {reasons[0]}")
        effects.pause(LOOK_SECONDS)


def _observed(effects: Effects, version: str) -> good_version.Observation:
    agent = agent_state(effects)
    page = effects.page() if agent == "active" else None
    return good_version.Observation(version, agent, page, has_console(effects.run))


def agent_state(effects: Effects) -> str:
    """systemd's ActiveState of the agent, "failed" in safe mode (in which systemd tries on), "" for no answer."""
    if any(notice.code == SAFE_MODE for notice in notices.standing(effects.paths.notices)):
        return "failed"
    try:
        return effects.run(
            ("systemctl", "show", "nightporter.service", "--property=ActiveState", "--value"), timeout=ASK_SECONDS
        ).out.strip()
    except ProgramTrouble:
        return ""


def has_console(run: Run) -> bool | None:
    """Whether the console runs; None where that is not told."""
    words = ("systemctl", "show", "nightporter-console.service", "--property=ActiveState", "--value")
    try:
        state = run(words, timeout=ASK_SECONDS).out.strip()
    except ProgramTrouble:
        return None
    return {"active": True, "failed": False, "activating": False}.get(state)
