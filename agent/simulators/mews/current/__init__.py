"""Today's dialect: how the operations of the docs' state of 2026-08-07 are asked and answered."""
