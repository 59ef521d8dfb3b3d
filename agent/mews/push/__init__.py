"""What Mews says by itself, and what follows from it for the polls. Pure.

The line itself is held by `agent/mews/listener.py`.
"""
