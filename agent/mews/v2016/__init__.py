"""The Connector API of 2016: what is sent, what answers mean. Pure."""
