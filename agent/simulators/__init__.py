"""The other ends of the wire, as products: simulated vendors that keep every switch the references name.

Imports nothing of the agent but its errors, so that a shared misreading of a vendor's page cannot hide.

    base/replies, server        what goes over HTTP, the broken included, and the server that sends it
    base/simulator, control     what every simulator has: clock, plug, switches, scripted faults, counts, `/_sim/`
    base/forms, trouble         how switches and trouble are written, in JSON and as flags
    base/certificates           what is shown over TLS
    mews/, coder_bridge/, visionline/, printer/   the vendors
    command_line                `nightporter simulate`
"""
