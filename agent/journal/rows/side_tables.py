"""The tables beside the orders."""

from agent.commands.issued import IssuedKey
from agent.journal.rows.acts import Act
from agent.journal.rows.kept_drill import KeptDrill
from agent.journal.rows.kept_rooms import KeptRoom
from agent.journal.rows.side_table import SideTable

KEEP_ACTS = 200  # rows; some months of a box that is looked after
KEEP_KEYS = 5000  # rows; two keys for each of 500 rooms in five stays that overlap
KEEP_ROOMS = 5000  # rows; as many rooms as the largest hotels have
ACTS = SideTable("act", Act, KEEP_ACTS)
KEYS = SideTable("issued", IssuedKey, KEEP_KEYS)
ROOMS = SideTable("room", KeptRoom, KEEP_ROOMS)
DRILLS = SideTable("drill", KeptDrill, 1)
TABLES = (ACTS, KEYS, ROOMS, DRILLS)
