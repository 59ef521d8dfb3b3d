"""What all simulators share: the wire, its troubles, clock, switches, `/_sim/`."""
