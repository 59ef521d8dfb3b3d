"""The Internet Printing Protocol without I/O: messages, requests, and what answers mean. Pure."""
