"""What an update says of a command, in both dialects (reference/mews.md section 6.3). No I/O."""

from typing import Any

from agent.mews.calls import Update


def members(update: Update) -> dict[str, Any]:
    """The members of the body of `commands/update`, beside the tokens: no more than there is to say."""
    said: dict[str, Any] = {"CommandId": update.command_id, "State": update.state}
    if update.progress is not None:
        said["Progress"] = update.progress
    if update.notes:
        said["Notes"] = update.notes
    return said
