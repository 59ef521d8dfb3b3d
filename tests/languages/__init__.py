"""The languages of the page and of the notes."""
