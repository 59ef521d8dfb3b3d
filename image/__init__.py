"""Builds the box's image. Nothing here runs on a box."""
