"""The box's serial line: the steps of a start as they happen, then answers to a few questions. Changes nothing."""
