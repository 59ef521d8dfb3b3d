"""A support bundle, made by the running hotel and handed over in pieces. Changes nothing."""

from agent.control.errands.errand import Tell
from agent.control.hotel import Hotel
from agent.control.words.told import End, Line, Piece, Result

PIECE_BYTES = 48 * 1024  # 64 KB as Base64 on a line; a bundle at its largest has 42, and a client's queue 256


class BundleErrand:
    """One bundle."""

    def __init__(self, hotel: Hotel, tell: Tell) -> None:
        self._hotel, self._tell = hotel, tell

    async def run(self) -> Result:
        """Have it made, and tell it piece by piece."""
        bundle = await self._hotel.support_bundle(lambda text: self._tell(Line(text)))
        total = len(bundle.content)
        for at in range(0, total, PIECE_BYTES):
            self._tell(Piece(bundle.name, bundle.content[at : at + PIECE_BYTES], at, total))
        left_out = f" Not in it: {' '.join(bundle.left_out)}" if bundle.left_out else ""
        return Result(End.DONE, f"{bundle.name}, {total} bytes.{left_out}")

    def left_behind(self) -> Result:
        """Nothing."""
        return Result(End.FAILED, "The support bundle was broken off; the box has kept nothing of it.")
