"""What each request does, a file a matter."""
