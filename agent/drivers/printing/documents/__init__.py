"""What a document is, and how it goes to a printer. Pure."""
