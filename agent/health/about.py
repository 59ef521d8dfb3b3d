"""What each kind of fault means, and how the box finds out: the paragraph of the manual, by its code. Pure.

Apart from the kinds, because only the manual and the page of faults need it: the agent's start loads none of this.
A paragraph has one to three sentences and at most `ABOUT_LENGTH` characters, and says what the code that raises
the fault has seen, no more.
"""

ABOUT_LENGTH = 600  # characters; a paragraph on a phone

_BOX = {
    "E-BOX-CABLE": (
        "The box's network socket has no link: no cable, a dead one, or a switch that is off at the other "
        "end. The box looks every few seconds. While this holds, nothing is said of Mews, lock servers and "
        "printers, which cannot be reached for this reason."
    ),
    "E-BOX-ADDRESS": (
        "The cable has a link, but the box has no address in the network: no DHCP server has given it one, "
        "and the provisioning file sets none. It is shown after 20 seconds, because DHCP tries several times."
    ),
    "E-BOX-CLOCK": (
        "The box's clock is more than five minutes away from Mews' clock, or stands before 2024 while Mews "
        "has not been reached. How old an order is, is measured by Mews' clock, so keys do not depend on it; "
        "certificates do."
    ),
    "E-BOX-STORAGE": (
        "The disk or card on which the box keeps its journal is read-only or was found in trouble when the "
        "box started. A file system turns read-only when writing fails. Without a journal no key is cut, "
        "because the box could not know later whether it was."
    ),
    "E-BOX-FULL": (
        "Less than a tenth of the disk is free, and less than 300 MB. The journal and updates need that room. "
        "The journal keeps a reserve for a full disk, so keys go on for a while."
    ),
    "E-BOX-POWER": (
        "The board reports that its supply voltage is too low at this moment. Only boards that measure it, "
        "such as a Raspberry Pi, can tell."
    ),
    "E-BOX-HOT": (
        "The warmest sensor at the processor has 80 °C or more. The warning ends when it is 5 degrees below that."
    ),
    "E-BOX-WEAR": (
        "The box's memory (an eMMC card that counts its own wear) says that more than 80 % of its life or "
        "most of its spare blocks are used up. Cards that count nothing never raise this."
    ),
    "E-BOX-SITE-NETWORK": (
        "On the serial console somebody has set and confirmed a network address that is another one than the "
        "provisioning file has. The box uses what was set on site. It is shown for an hour after a start."
    ),
    "E-BOX-CRASHED": (
        "The box's last run ended without a regular shutdown: a power cut, a crash of the kernel, or the "
        "watchdog, as far as the box could find out. It is shown for a day."
    ),
    "E-BOX-AGENT": (
        "The program that cuts keys ended by a failure and was started again by the system. An order that was "
        "at the encoder then ends as perhaps cut, with a note. It is shown for a day."
    ),
    "E-BOX-SAFE": (
        "The program that cuts keys failed several times in a row right after its start, so the box answers "
        "on its page with this sentence instead, and tries again every few minutes."
    ),
    "E-JOURNAL-WRITE": (
        "The last write to the journal was refused by the disk; the text has its reason. The box tries again "
        "every five seconds, and this ends with the first write that goes well. Before each key a row has to "
        "be on the disk, so none is cut meanwhile."
    ),
    "E-JOURNAL-DAMAGED": (
        "At its start the box found that rows of its journal could not be read, or that the file was gone or "
        "replaced. What could be saved was saved from its second copy, and the damaged file was kept beside "
        "it. It is shown until the next start."
    ),
}
_FILE = {
    "E-TAKE-REFUSED": (
        "A provisioning file on the boot partition, or one that was sent, has mistakes, a wrong signature, or "
        "could not be stored. The reasons are in the text, and all of them in provisioning-result.txt beside "
        "the file."
    ),
    "E-TAKE-NAME": (
        "On the boot partition there is a file that looks like a provisioning file, but the box only takes "
        "one that is called provisioning.toml."
    ),
    "E-TAKE-LEFT": (
        "The box has taken a provisioning file, and could not delete it, or found parts or copies of one on "
        "the boot partition, where everyone with a card reader can read its passwords."
    ),
    "E-TAKE-TRIAL": (
        "The box works with a new provisioning file, and looks for two minutes whether what was reached "
        "before is reached with it. If it is not, it goes back to the file before."
    ),
    "E-TAKE-BACK": (
        "With the new provisioning file something was not reached that had been reached before, so the box "
        "went back to the file before. The text names what was missed. It is shown until a file is given "
        "again."
    ),
    "E-FILE-MISSING": (
        "There is no provisioning file where the box reads it, or it cannot be read. A new box is in this "
        "state until it is set up."
    ),
    "E-FILE-BAD": (
        "The provisioning file that the box has at its start has mistakes, and there is no other one to work "
        "with. The text names each, with its line."
    ),
    "E-FILE-REFUSED": (
        "A new provisioning file was read while the box was at work, and has mistakes. The box goes on with "
        "the one before, until a good one is read."
    ),
    "E-PAGE-ADDRESS": (
        "The status page could not be opened at the address that the file names: another program has it, or "
        "this machine has no such address. It is tried again every five seconds."
    ),
    "E-PAGE-MOVED": (
        "A new provisioning file names another address for the status page than the one that it is served at. "
        "The page moves at the next start only."
    ),
    "E-UPDATE-TRIAL": (
        "After an update the box runs the new version on trial. It keeps it once all that worked before has "
        "worked for a while, and starts the version before otherwise."
    ),
    "E-UPDATE-REVERTED": (
        "The new version did not start, or something that had worked did not work with it, so the box runs "
        "the version before again. The text says which it was."
    ),
    "E-UPDATE-REFUSED": (
        "An update was not installed: its signature is not the maker's, it is for another kind of box, it is "
        "older than what may be installed, or it could not be fetched. It is shown for an hour."
    ),
}
_MEWS = {
    "E-MEWS-UNREACHABLE": (
        "No connection to Mews came about: its name is not found, nothing accepts the connection, or the "
        "network has no way there. The box asks again, at most half a minute later."
    ),
    "E-MEWS-SILENT": (
        "A connection to Mews came about, and then no whole answer came in the time that Mews usually needs, "
        "times four. The box asks again on a new connection."
    ),
    "E-MEWS-CERTIFICATE": (
        "Mews' address answered with a certificate that the box does not trust: it is made out to another "
        "name, by an unknown authority, or is not valid at the time of the box's clock."
    ),
    "E-MEWS-ANSWER": (
        "Mews answered the question for orders with something that is no list of orders: an error, another "
        "page, or a refusal that says nothing of the token. The text has Mews' own words, as far as there are "
        "some."
    ),
    "E-MEWS-BARRED": (
        "Mews has answered for a minute or longer that this token makes too many requests. Orders get too old "
        "meanwhile, so this counts as a fault."
    ),
    "E-MEWS-BUSY": (
        "Mews answered that there were too many requests, and asked for a pause. The box waits as long as it "
        "was asked to."
    ),
    "E-MEWS-PUSH": (
        "The WebSocket by which Mews tells of new orders is not there, for a minute or longer. The box then "
        "asks more often, so that keys are as fast as before or nearly so."
    ),
    "E-MEWS-TOKEN": (
        "Mews refuses the token of the provisioning file, be it at the sign-in or at the question for orders. "
        "The box tries again, more and more seldom, every five minutes at last."
    ),
    "E-MEWS-DISABLED": (
        "Mews accepts the sign-in with the connector token, and refuses the list of orders right after it, "
        "again and again."
    ),
    "E-MEWS-RIVAL": (
        "The box's session at Mews ended within a minute after its sign-in: with a connector token that "
        "happens when another connector signs in with it. The box signs in again, more and more seldom; "
        "takeover does it at once."
    ),
    "E-MEWS-OTHER-HAND": (
        "At least twice within an hour an order that was new in Mews' list was already taken when the box "
        "wanted to take it a moment later. With an access token that is all that a second connector shows."
    ),
    "E-MEWS-NO-DATE": (
        "Mews' answers have no Date header that can be read. The box then has no clock of Mews to measure the "
        "age of an order by, and counts from the moment when it saw it first."
    ),
    "E-MEWS-COMMAND": (
        "In Mews' list there is an order without an id that can be used, or the list cannot be read to its "
        "end. All orders that can be read are worked on."
    ),
    "E-MEWS-STATE": (
        "In Mews' list there are orders in a state whose name this version does not know. It leaves them "
        "alone, because it cannot know whether somebody else is at work on them."
    ),
    "E-MEWS-DISCONTINUED": (
        "Mews answered that it no longer offers the operation by which orders are listed or updated. The text "
        "says which of the two."
    ),
    "E-MEWS-PORTFOLIO": (
        "Mews says that the token is good for several hotels, and the provisioning file does not name the one "
        "that this box is for."
    ),
    "E-MEWS-ENTERPRISE": (
        "The file names the hotel by its id, and Mews refuses to say anything of a hotel of that id. The box "
        "asks every hour, and a minute after a failure."
    ),
    "E-MEWS-ZONE": (
        "Every hour the box asks Mews for the hotel's settings: its time zone there has other rules within "
        "the next year than the one of the provisioning file. A key that ends at noon may so end an hour "
        "early or late."
    ),
    "E-MEWS-CLOCK": ("The box's clock and the clock of the hotel in Mews are more than a minute apart."),
    "E-MEWS-UPDATE": (
        "Mews lists orders, and at least the last two messages about an order got no good answer. A claim "
        "without an answer is no permission to cut."
    ),
    "E-MEWS-CLAIM": (
        "Mews refused the box's claim for at least three orders in a row. One may have been cancelled just "
        "then; three are no chance."
    ),
    "E-MEWS-CROWD": (
        "More orders are listed than the box holds at once (1000). The rest stays in Mews' list, and is taken "
        "as others end."
    ),
    "E-MEWS-SHARED": (
        "Three or more orders that were waiting at this box left Mews' list within ten minutes, without the "
        "box having done anything about them."
    ),
    "E-MEWS-REPORT": (
        "Mews refused to take how an order ended, though it was neither cancelled nor closed before. What the "
        "box knows stands in its own list and in the journal."
    ),
    "E-MEWS-BALANCE": (
        "The file sets a limit for open balances, and Mews did not tell what the guest of the last order "
        "owes. The key was cut without that rule."
    ),
    "E-MEWS-DRILL": (
        "At the hour that the file names, the box ordered a test key at Mews as staff would, and it was not "
        "cut. The text says where it ended."
    ),
    "E-MEWS-CARD": (
        "The box was to write the number of a card to its reservation in Mews, or to take it away again, and "
        "Mews refuses that, or did not answer. It is tried again."
    ),
}
_LOCK = {
    "E-LOCK-INACTIVE": (
        "The file has `active = false` under [coder_bridge]: the box connects to the lock server and refuses "
        "keys. It is meant for the time of a first test."
    ),
    "E-LOCK-UNREACHABLE": (
        "No connection to the lock server came about: its PC is off, its program does not run, a firewall is "
        "in the way, or the address is another one."
    ),
    "E-LOCK-WEB-API": (
        "The lock system's PC is there, for another port of VisiOnline accepts a connection, but the port of "
        "its web API does not."
    ),
    "E-LOCK-SILENT": ("The lock server accepts a connection, and then no answer comes to the log-in."),
    "E-LOCK-ADDRESS": (
        "Something else answers at the lock server's address: http where https was expected or the other way "
        "round, another service, or a redirection to another address. The hint says what to write."
    ),
    "E-LOCK-CERTIFICATE": (
        "The lock server's certificate is neither one that the box trusts nor the one that the file pins by "
        "its SHA-256. The text has the fingerprint that was seen."
    ),
    "E-LOCK-AUTH": ("The lock server answered the log-in by a refusal of user or password."),
    "E-LOCK-ANSWER": (
        "The lock server answered the log-in with something that such a server does not say, or broke its "
        "answer off."
    ),
    "E-LOCK-KEYS": (
        "At least three keys in a row got an answer that such a lock server does not give, or none that was "
        "whole. Whether those keys were cut, their notes say."
    ),
    "E-LOCK-KEY-ANSWER": (
        "The last key got an answer that such a lock server does not give, or none that was whole. Whether "
        "that key was cut, its note says."
    ),
    "E-LOCK-ROOMS": (
        "The log-in went well, and the list of rooms, by which the box looks whether the lock server is well, "
        "could not be read."
    ),
    "E-LOCK-LISTS": (
        "A list that keys may need, such as that of special areas, could not be read from the lock server. "
        "The text says which."
    ),
    "E-LOCK-SIGNATURE": (
        "VisiOnline gave the box a session and then refused a request because of its signature. The signature "
        "has the time in it, so a clock that is wrong is the usual cause."
    ),
    "E-LOCK-RIGHTS": ("VisiOnline gave the box a session and refused it a card for want of rights."),
    "E-LOCK-SESSIONS": (
        "VisiOnline does not close a session that the box has asked it to close. It has a limit of sessions "
        "that are open at once."
    ),
    "E-LOCK-OPERATOR": (
        "The file uses the operator that every VisiOnline has from its installation, whose password others "
        "may know."
    ),
    "E-LOCK-OTHER-SERVER": (
        "An order from Mews named the address of a lock server that the provisioning file does not have. The "
        "box sends keys and passwords only to servers that its file names."
    ),
    "E-LOCK-ORDER-LOG-IN": (
        "An order from Mews brought user and password for the lock server along, as the key cutter in Mews "
        "has them, and the lock server refused those."
    ),
    "E-LOCK-UNCONFIRMED": (
        "The site profile of the Coder Bridge has calls that neither its vendor nor a supervised test has "
        "confirmed, and the file allows them."
    ),
    "E-LOCK-PROFILE": (
        "The site profile of the Coder Bridge has calls that are not confirmed, and the file does not allow "
        "them: keys are refused."
    ),
    "E-ENCODER": (
        "The last key at this encoder went wrong in a way that speaks of the encoder: no card was presented, "
        "the lock system said so of it, or keys for at least two rooms in a row were refused."
    ),
    "E-LANE-PAUSED": (
        "A person has paused this encoder or printer at the desk, on the command line, the console or the "
        "page. Orders for it wait, and those that get too old are refused."
    ),
    "E-KEY-PERHAPS": (
        "An order ended without the box knowing whether a card was cut: the answer was lost, or the box was "
        "switched off at that moment. It never asks a second time by itself. It is shown for a day, or until "
        "somebody says that the card was looked after (seen)."
    ),
    "E-KEY-UNWANTED": (
        "A card was cut, and when the box told Mews, the order was already closed there. It is shown for a "
        "day, or until somebody says that the card was looked after (seen)."
    ),
}
_PRINT = {
    "E-PRINTER-UNREACHABLE": (
        "No connection to the printer came about. The box looks after each printer of the file every now and "
        "then, and when a document is to be printed."
    ),
    "E-PRINTER-SILENT": (
        "Something accepts the connection, and does not answer as a printer does, or not at all."
    ),
    "E-PRINTER-ADDRESS": (
        "At the printer's address something else answers: another protocol, or a path that the printer does "
        "not know."
    ),
    "E-PRINTER-CERTIFICATE": (
        "The certificate of a printer with ipps is neither trusted nor the one that the file pins by its SHA-256."
    ),
    "E-PRINTER-STOPPED": (
        "The printer says of itself that it has stopped: no paper, an open door, a jam. The text has its "
        "reason in words. A document that waits is cancelled there after the time that the file sets."
    ),
    "E-PRINTER-SOON": (
        "The printer says of itself that it goes on printing, but will soon want somebody: little paper, "
        "little toner."
    ),
}
_ROOMS = {
    "E-AUDIT-ROOMS": (
        "Every six hours the box compares the rooms of Mews with the doors of the lock systems and the file. "
        "For the rooms that are named no door was found, so an order for one of them would fail."
    ),
    "E-AUDIT-DOORS": (
        "In the same comparison: [doors] of the file gives lock ids names that the lock system does not list."
    ),
    "E-AUDIT-DEVICES": (
        "In the same comparison: Mews has key cutters or printers that no section of the file names."
    ),
    "E-ROOMS-REFUSED": (
        "The room sync told the lock system's room management of a check-in or check-out, and it refused the "
        "rooms that are named."
    ),
    "E-ROOMS-UNTOLD": (
        "Check-ins and check-outs wait, because the room management cannot be told: it does not answer, or it "
        "is switched off or not confirmed. The text says which. They are sent in order later."
    ),
    "E-ROOMS-UNMAPPED": (
        "Guests are in rooms for which the file has no name that the room management knows, so it is not told "
        "of them."
    ),
    "E-ROOMS-KEYS": (
        "At a check-out the keys of the room were to be cancelled, and the lock system did not do it for the "
        "rooms that are named."
    ),
    "E-ROOMS-MEWS": (
        "The room sync could not get the list of reservations or rooms from Mews, so that it does not know "
        "who is in house."
    ),
    "E-ROOMS-HELD": (
        "A room that was checked in is missing in Mews' lists in a way that means a gap in them rather than a "
        "departure, so the box leaves it as it was."
    ),
}
_PAGE = {
    "E-PAGE-CERTIFICATE": (
        "The page that acts speaks TLS with a certificate that the box makes for itself, by the openssl program, "
        "and keeps with its journal; a day before its end it makes another one. None could be made or read: the "
        "one before is served on, where there was one. The page that looks needs none."
    ),
    "E-PAGE-ACTING": (
        "The address that the file gives the page that acts cannot be listened at: another program has its port, "
        "or this machine has no such address. The page that looks is not touched."
    ),
    "E-TELEMETRY-LATE": (
        "Figures have not reached the address under [telemetry] for a quarter of an hour: no answer, or one that "
        "asks for another try. They are kept in memory for a day and a half, and sent later in their order."
    ),
    "E-TELEMETRY-REFUSED": (
        "The address under [telemetry] answers that it refuses the figures as they are sent. What was refused "
        "is left out, and what comes after is sent."
    ),
    "E-TELEMETRY-WEBHOOK": (
        "The message that the box is at fault, or well again, was not taken by the address under [telemetry]. "
        "It is tried again for a day, longer and longer apart."
    ),
}
ABOUT = {**_BOX, **_FILE, **_MEWS, **_LOCK, **_PRINT, **_ROOMS, **_PAGE}
