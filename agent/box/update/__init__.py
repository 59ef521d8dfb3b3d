"""How another version comes onto the box, and is judged."""
