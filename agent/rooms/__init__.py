"""The hotel's rooms, beside the pass: whether a key could be cut for each, and whether each is taken."""
