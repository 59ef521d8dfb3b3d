"""The Coder Bridge's requests and answers as a site profile describes them. Pure."""
