"""What the image runs around the agent: first boot, provisioning, updates, the tiny page. Never cuts a key."""
