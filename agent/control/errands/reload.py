"""Has the provisioning file read again, and says whether it is the one that holds now."""

from agent.control.hotel import Hotel
from agent.control.words.told import End, Result


class ReloadErrand:
    """Reads the file again."""

    def __init__(self, hotel: Hotel) -> None:
        self._hotel = hotel

    async def run(self) -> Result:
        """Wait until it was read."""
        refusal = await self._hotel.reload()
        if refusal:
            return Result(End.FAILED, refusal)
        return Result(End.DONE, "The provisioning file was taken; what was being made goes on.")

    def left_behind(self) -> Result:
        """The file is being read, also when no one waits for that."""
        return Result(End.PERHAPS, "The file is read all the same: the status page says whether it was taken.")
