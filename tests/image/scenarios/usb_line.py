"""The USB socket of a Pi 4 is a serial line: shown with dummy_hcd, which plugs the machine into itself."""

from tests.image.emulator.patience import until
from tests.image.scenarios.bench import Bench

_LINE_SECONDS = 120.0  # s; the console is Python, on an emulated processor
# Raw, as a laptop's terminal program opens it; what the box says within 20 s of the question. The first Enter ends
# what the line echoed while it was not raw yet.
_ASK = (
    "stty -F /dev/ttyACM0 raw -echo; "
    "(timeout 20 cat /dev/ttyACM0 & sleep 2; printf '\\r' > /dev/ttyACM0; "
    "sleep 2; printf 'status\\r' > /dev/ttyACM0; wait)"
)


def the_usb_socket_is_a_serial_line_with_the_same_view(bench: Bench) -> None:
    """A device controller appears: the gadget comes up by itself, and its other end answers `status`."""
    machine = bench.well()
    machine.sh("modprobe dummy_hcd")
    until(
        lambda: "ttyGS0" in machine.sh("ls -l /proc/$(systemctl show -P MainPID nightporter-console)/fd"),
        _LINE_SECONDS,
        "the console on the gadget's line",
        5.0,
    )
    said = machine.sh(_ASK)
    bench.record.check("Mews" in said, "the USB line answers `status`", said[-300:])
    bench.record.say(f"the laptop's end says:\n{said[-600:]}")
    bench.prove_key()
