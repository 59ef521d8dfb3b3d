"""Looks into a built image without booting it: `make image-check ARCH=...` runs this on dist/."""
