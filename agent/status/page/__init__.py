"""The status page as HTML, and what a browser needs with it."""
