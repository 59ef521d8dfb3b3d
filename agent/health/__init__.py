"""The faults that hold, and the catalogue of those there are."""
