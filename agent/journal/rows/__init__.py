"""What the journal's rows and frames mean, and what a start makes of them. Pure."""
