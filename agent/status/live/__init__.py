"""What the page hears by itself: its changed panels, and new lines of the log, as server-sent events."""
