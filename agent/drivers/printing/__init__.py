"""Documents on paper: printers that speak IPP, and those that only take bytes."""
