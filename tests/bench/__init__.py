"""The figures of design section 6, as ratios in one run. A tool, not tests: it says "missed" and exits 0."""
