"""How Mews' JSON is read, whatever dialect it is in. Pure."""
