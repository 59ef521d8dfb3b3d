"""Where systemd-networkd and the kernel keep what they know of the network."""

from pathlib import Path

LINKS = Path("/run/systemd/netif/links")
DEVICES = Path("/sys/class/net")
