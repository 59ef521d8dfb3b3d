"""What the console's own verbs do, and how the desk's are handed on."""
