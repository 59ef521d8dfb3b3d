"""What the box's lights show and what its button means, by value. Pure."""
