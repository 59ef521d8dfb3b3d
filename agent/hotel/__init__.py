"""The composition: one hotel out of its provisioning file, and the process around it."""
