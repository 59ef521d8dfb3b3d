"""Queues of the box: CUPS, for printers that do not speak IPP."""
