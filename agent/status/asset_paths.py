"""Where the files beside the page are: for the routes, which must not load the page."""

LEVELS = ("ok", "warning", "fault", "away", "none")  # of an icon
ASSETS = ("/style.css", "/page.js", *(f"/icon-{level}.svg" for level in LEVELS))
