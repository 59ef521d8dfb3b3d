"""What decides about a provisioning file that is on trial. Pure."""
