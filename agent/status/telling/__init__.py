"""Tells others by itself: figures by remote-write, red and green by a webhook."""
