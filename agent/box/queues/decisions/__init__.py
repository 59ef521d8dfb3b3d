"""What decides about the box's queues, without I/O."""
