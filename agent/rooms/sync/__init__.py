"""Room sync: the lock system's room management is told which rooms are taken, as Mews' reservations say."""
