"""One frozen moment of the box, and its sentences. Pure."""
