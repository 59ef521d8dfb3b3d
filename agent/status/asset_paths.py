"""Where the files beside the page are: for the routes, which must not load the page."""

LEVELS = ("ok", "warning", "fault", "away", "none")  # of an icon
SCRIPTS = ("swap", "shown", "hear", "log")
ASSETS = (
    "/style.css",
    *(f"/{name}.js" for name in SCRIPTS),
    *(f"/icon-{level}.svg" for level in LEVELS),
)
