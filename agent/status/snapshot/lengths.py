"""How long what the snapshot tells may be. Pure."""

NAME_LENGTH = 100  # characters; a name longer than that is not one that anybody reads
# Characters of a hop's id: its kind and a name, of which the file's have up to 200. Faults, devices and metrics
# find a hop by it, so two names that differ only at their ends have to stay two.
HOP_LENGTH = 212
RECENT_COMMANDS = 500  # lines; bounds the page and the answer, whatever is handed in
MOST_UNDER_WAY = 100  # orders; a queue longer than that is counted, and not listed
MOST_ACTS = 20
MOST_LISTED = 20  # addresses, servers, ages
