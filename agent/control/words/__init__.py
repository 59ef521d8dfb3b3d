"""The words of the desk: its verbs, what is asked with them, what is told of it. Pure."""
