"""What became of an update, in sentences for people who were not there. Pure."""

from agent.box.update.record import Ending, UpdateResult


def sentence(result: UpdateResult) -> str:
    """The text of the notice, and of the step."""
    version, before = result.version, result.from_version
    reasons = " ".join(result.reasons)
    if result.ending is Ending.INTERRUPTED:
        return (
            f"The update to version {version} was interrupted by a power cut or a restart before it was complete. "
            f"Nothing was changed, the box runs version {before}. The update can be tried again."
        )
    if result.ending is Ending.KEPT:
        return (
            f"Version {version} was to be taken back, but version {before} does not start any more, so it stays. "
            f"{reasons} Tell support."
        )
    return f"Version {version} is taken back, in favour of version {before}. {reasons}".rstrip()
