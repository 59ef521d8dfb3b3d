"""Until when this version gets repairs: the one place that says so, for page and manual. Pure."""

SUPPORTED_UNTIL = "2029-12-31"  # as SECURITY.md and CHANGELOG.md say
