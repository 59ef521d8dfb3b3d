"""What each section and setting of the file is, in words: for `explain`, the difference of two files, the schema.

A section or setting without words here is called by its name in the file. Pure.
"""

import msgspec


class Words(msgspec.Struct, frozen=True):
    """`name` goes on with "is": "the box's name"; `about` says what follows from it, without a full stop."""

    name: str
    about: str


# In the order of the file. The parts of a list stand under the list's own name.
WORDS = {
    "format": Words("the file's format", "the form of this file; a box reads the one that it was made for"),
    "box": Words("the box", "what the box is called, and where the hotel is"),
    "box.name": Words("the box's name", "its host name: the page is at http://NAME.local/"),
    "box.timezone": Words("the time zone", "where the hotel is; it decides when a key begins and ends"),
    "box.language": Words(
        "the language", "of the notes in Mews, and of the page for a browser without one of ours"
    ),
    "support": Words("support", "who is called when something is wrong; shown with every fault"),
    "support.name": Words("the name of support", "as it is shown"),
    "support.phone": Words("the phone of support", "as it is dialled from the hotel"),
    "network": Words("the network", "a fixed address; without one the box asks by DHCP"),
    "network.address": Words("the box's address", "with its prefix: /24 is the mask 255.255.255.0"),
    "network.gateway": Words("the gateway", "the hotel's router"),
    "network.dns": Words("the list of name servers", "who is asked for names; by DHCP the router tells"),
    "network.ntp": Words("the list of time servers", "who is asked for the time"),
    "mews": Words("Mews", "where the commands come from"),
    "mews.dialect": Words("Mews' dialect", '"2016" is the Connector API v1, "current" is today\'s Connector API'),
    "mews.platform": Words("Mews' platform", "scheme and host alone"),
    "mews.connector_token": Words("Mews' connector token", "dialect 2016: it signs in, one box at a time"),
    "mews.access_token": Words(
        "Mews' access token", 'dialect 2016: instead of the other one, without signing in; "current": required'
    ),
    "mews.client_token": Words("Mews' client token", '"current" only, and required there'),
    "mews.poll_seconds": Words("the pace of asking", "seconds between two questions for new commands"),
    "mews.push": Words(
        "the address by which Mews says that there is news",
        '"current" only; left out: the WebSocket that belongs to the platform; off: the box asks alone',
    ),
    "mews.enterprise": Words(
        "the hotel of a token for several", '"current" only: the id of the one hotel that the box is for'
    ),
    "mews.card_numbers": Words(
        "the noting of cards in Mews", '"current" only; true: a card\'s number is written to its reservation'
    ),
    "coder_bridge": Words("the Coder Bridge", "Messerschmitt's lock system"),
    "coder_bridge.server": Words(
        "the Coder Bridge's address", "of the lock system's PC, with http:// or https://"
    ),
    "coder_bridge.username": Words("the Coder Bridge's user", "the account there"),
    "coder_bridge.password": Words("the Coder Bridge's password", "of that account"),
    "coder_bridge.active": Words("the Coder Bridge's switch", "false: it is connected to, and keys are refused"),
    "coder_bridge.certificate_sha256": Words(
        "the Coder Bridge's certificate", "https only: the one certificate that is accepted, by its SHA-256"
    ),
    "coder_bridge.profile": Words(
        "the site profile", "how it is spoken to: one that ships with the box, or the site's own file"
    ),
    "coder_bridge.allow_unconfirmed": Words(
        "the use of unconfirmed calls", "true only for a supervised test: calls that are not confirmed are used"
    ),
    "coder_bridge.allow_precheckin": Words(
        "the making of keys before the stay", "true: a key whose stay has not begun is made by a call of its own"
    ),
    "coder_bridge.cancel_keys_on_checkout": Words(
        "the cancelling of keys", "true: keys are cancelled when room sync checks their room out"
    ),
    "coder_bridge.common_areas": Words(
        "the list of common areas", "special areas that each key for a room opens as well"
    ),
    "coder_bridge.encoders": Words("encoder", "one that cuts keys, and the key cutters of Mews that it is"),
    "coder_bridge.encoders.name": Words("its name", "what people call it"),
    "coder_bridge.encoders.identifier": Words("its identifier", "its id in the lock system, best a short number"),
    "coder_bridge.encoders.key_cutters": Words(
        "its list of key cutters", "KeyCutterId or Device.Id of the commands that land here"
    ),
    "coder_bridge.encoders.mobile": Words(
        "its sending to telephones", "true: it issues mobile keys, and cuts no cards"
    ),
    "visionline": Words("VisiOnline server", "ASSA ABLOY's lock system"),
    "visionline.server": Words("its address", "of the lock system's PC"),
    "visionline.username": Words("its user", "the box's own account there"),
    "visionline.password": Words("its password", "of that account"),
    "visionline.certificate_sha256": Words(
        "its certificate", "the one certificate that is accepted, by its SHA-256"
    ),
    "visionline.card_format": Words("its card format", "what is written onto a card: rfid48, or TLCode"),
    "visionline.first_card": Words(
        "the first card of a stay", "override: earlier keys of the room end with it; join: they stay good"
    ),
    "visionline.date_header": Words("the header of the signed date", "Date, or X-Aah-Date"),
    "visionline.signed_target": Words(
        "the spelling that is signed", "of a name with a blank: escaped as it is sent, or plain as it is called"
    ),
    "visionline.encoders": Words("encoder", "one that cuts keys, and the key cutters of Mews that it is"),
    "visionline.encoders.name": Words("its name", "what people call it"),
    "visionline.encoders.identifier": Words("its identifier", "the encoder's name in VisiOnline"),
    "visionline.encoders.key_cutters": Words(
        "its list of key cutters", "KeyCutterId or Device.Id of the commands that land here"
    ),
    "visionline.encoders.mobile": Words(
        "its sending to telephones", "false: the box has mobile keys from a Coder Bridge alone"
    ),
    "doors": Words("door", "what a lock id of Mews opens; one that is not listed is the room of that name"),
    "doors.room": Words("its room", "the room of that name in the lock system"),
    "doors.rooms": Words("its list of rooms", "several rooms that one lock id opens"),
    "doors.areas": Words("its list of areas", "common doors that each key for the room opens as well"),
    "doors.area": Words("its area", "the area of that number in the lock system, without a room"),
    "doors.rms": Words("its name at the room management", "where that is another one than the room's"),
    "printers": Words("printer", "where a document goes"),
    "printers.name": Words("its name", "PrinterName of the commands that land here"),
    "printers.uri": Words("its address", "ipp, ipps, or socket://host:9100"),
    "printers.certificate_sha256": Words(
        "its certificate", "ipps only: the one certificate that is accepted, by its SHA-256"
    ),
    "printers.device": Words(
        "its device", "only with a queue of the box itself as its address: where that sends to, socket://host:9100"
    ),
    "printers.model": Words(
        "its model",
        "only with a queue of the box itself: what the printer understands, of what comes with the box",
    ),
    "limits": Words("the limits", "when the box refuses instead of working"),
    "limits.key_age_seconds": Words("the age limit of keys", "seconds; a key that waited longer is refused"),
    "limits.print_age_seconds": Words("the age limit of prints", "seconds; paper that waited longer is refused"),
    "limits.print_wait_seconds": Words(
        "the patience with printers", "seconds that a printer may be away, busy or out of paper"
    ),
    "limits.keys_per_command": Words("the most keys at once", "one command that wants more is refused"),
    "limits.max_open_balance": Words(
        "the limit of what is owed",
        "a reservation whose owner owes more gets no key; left out: it is not looked at",
    ),
    "room_sync": Words("room sync", "what Mews' reservations mean for the lock system's room management"),
    "room_sync.active": Words(
        "room sync's switch", "true: rooms are checked in and out there as their reservations begin and end"
    ),
    "drill": Words("the drill", '"current" only: a key each day that shows that keys can be cut'),
    "drill.at": Words("the drill's time", "HH:MM, by the hotel's clocks"),
    "drill.reservation": Words("the drill's reservation", "the id of one that is made for tests"),
    "drill.key_cutter": Words("the drill's key cutter", "the Device.Id of the one that Mews orders the key at"),
    "page": Words("the page", "the status page, and who may act there"),
    "page.listen": Words("the page's address", "HOST:PORT where the page listens; it only looks"),
    "page.names": Words("the page's list of further names", "host names that it answers to, beside its own"),
    "page.acting": Words("the address of the page that acts", "HOST:PORT, over TLS; left out: no acts by page"),
    "page.password": Words("the page's password", "for acting"),
    "console": Words("the console", "the serial line"),
    "console.code": Words("the console's code", "what the serial line asks for; without one it only looks"),
    "telemetry": Words("telling others", "who is told how the box is; no guest, no room and no note is told"),
    "telemetry.remote_write": Words(
        "the address for figures", "each minute, by Prometheus' remote-write; left out: no one gets them"
    ),
    "telemetry.remote_write_user": Words("the user for figures", "of the account there, with its password"),
    "telemetry.remote_write_password": Words("the password for figures", "of that account"),
    "telemetry.remote_write_token": Words("the token for figures", "instead of user and password"),
    "telemetry.webhook": Words(
        "the address for red and green", "a message when a fault holds, and when none does; left out: no message"
    ),
    "telemetry.webhook_token": Words("the token for red and green", "sent along, where the receiver wants one"),
    "signing": Words("signing", "a box with this takes only files that this key has signed"),
    "signing.key": Words("the signing key", "the public key, as nightporter provision keygen prints it"),
    "signing.number": Words("the file's number", "higher in each file that follows, so that no old one is taken"),
}


def words(path: str) -> Words:
    """The words for a place like `mews.platform` or `printers.name`; its own name where there are none."""
    return WORDS.get(path) or Words(path.rpartition(".")[2].replace("_", " "), "")
