"""The manual: made of a guide, the catalogue of faults, the settings and the verbs, for page and terminal."""
