"""A page before and after it is drawn: its place on the sheet, its tones, its raster, why there is none. Pure."""
