"""Mews, as its documents describe it."""
