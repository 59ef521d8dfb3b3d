"""What the image runs around the agent: first boot, provisioning, updates, the away page. Never cuts a key."""
