"""The pass of a command, from the list to the report. `pipeline.py` reads like it."""
