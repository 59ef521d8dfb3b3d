"""The messages of IPP as a server reads and writes them (RFC 8010).

Independent of the agent's codec on purpose: a shared misreading of the RFC could hide in a shared one.
"""
