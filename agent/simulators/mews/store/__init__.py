"""What a simulated property holds beside its commands: rooms, reservations, people, money, devices. Pure."""
