"""Today's Connector API: what is sent, what answers mean. Pure."""
