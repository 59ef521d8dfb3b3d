"""How a provisioning file is found, judged, kept and applied."""
