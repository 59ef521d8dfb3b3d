"""The files in which agent, console and box meet."""
