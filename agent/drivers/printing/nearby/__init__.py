"""Printers that tell of themselves: what they say, and how it is written for a provisioning file. Pure."""
