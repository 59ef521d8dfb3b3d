"""What can be typed on the console: its own verbs beside the desk's, short forms, help. Pure."""
