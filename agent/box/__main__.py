"""The box's programs: `python -OO -m agent.box VERB`. Units of the image call it, people do not.

Each verb loads its own modules alone: most of them run at every start, on a small machine.
"""

import sys
from collections.abc import Callable, Mapping

Main = Callable[[], None]


def main(arguments: list[str], verbs: Mapping[str, Main] | None = None) -> int:
    """Run the verb; returns the exit code, 2 for words that mean nothing here."""
    known = VERBS if verbs is None else verbs
    match arguments:
        case [verb] if verb in known:
            known[verb]()
        case ["stick", device]:
            from agent.box.update import stick

            stick.main(device)
        case _:
            words = ", ".join(sorted(known))
            sys.stderr.write(f"agent.box: write one of {words}, or stick DEVICE.\n")
            return 2
    return 0


def _prepare() -> None:
    from agent.box import prepare

    prepare.main()


def _ended() -> None:
    from agent.box.boot import boot_reason
    from agent.box.tools.paths import Paths

    boot_reason.ended(Paths())


def _down() -> None:
    from agent.box.away import down

    down.main()


def _stopped() -> None:
    from agent.box.away import stopped

    stopped.main()


def _ready() -> None:
    from agent.box.away import ready

    ready.main()


def _trial() -> None:
    from agent.box.update import trial

    trial.main()


def _helper() -> None:
    from agent.box.helper import helper

    helper.main()


def _take_trial() -> None:
    from agent.box.setup import take_trial

    take_trial.main()


def _network_trial() -> None:
    from agent.box.setup import network_trial

    network_trial.main()


def _sweep_queues() -> None:
    from agent.box.queues import sweep_queues

    sweep_queues.main()


def _queues() -> None:
    from agent.box.queues import queues

    queues.main()


VERBS: dict[str, Main] = {
    "prepare": _prepare,
    "ended": _ended,
    "down": _down,
    "stopped": _stopped,
    "ready": _ready,
    "trial": _trial,
    "helper": _helper,
    "take-trial": _take_trial,
    "network-trial": _network_trial,
    "sweep-queues": _sweep_queues,
    "queues": _queues,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
