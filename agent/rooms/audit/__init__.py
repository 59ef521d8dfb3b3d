"""The rooms and devices of Mews against the provisioning file and the lock systems' own lists. Pure."""
