"""Reads and shows what comes from outside, by value. Pure."""
