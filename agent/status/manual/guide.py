"""The guide: what the box is, what its lights mean, what to do when something is wrong. Pure.

A statement here is one of the image, the console or the page; whoever changes those, changes it here.
"""

from agent.status.manual.sections import Entry, Fact, Section


def _entry(name: str, *lines: str) -> Entry:
    return Entry(name, facts=tuple(Fact("", line) for line in lines), is_words=True)


BOX = Section(
    "box",
    "What this box is",
    (
        "A key that is ordered in Mews is cut by the lock system's encoder, a document becomes paper on the "
        "hotel's "
        "own printer, and Mews hears how it went. The box stands between them, in the hotel's network.",
        "It asks the encoder for each card once. Where it cannot know whether a card was cut, because a cable was "
        "pulled or the power went at that moment, it says so and leaves the next step to a person.",
        "It keeps no guest's name, no document, and outside of the provisioning file no password.",
    ),
)
HOPS = Section(
    "hops",
    "The four hops",
    (
        "An order passes four hops, and the page shows each with a light. What lies behind a hop that is down "
        "cannot "
        "be told, so look at the first one that is not green.",
    ),
    (
        _entry("Mews", "The cloud system of the hotel, from which the orders come."),
        _entry("This box", "Its network, its clock, its disk, its provisioning file."),
        _entry("Lock server", "The lock system's PC with its program (Coder Bridge, VisiOnline)."),
        _entry("Encoders and printers", "What a card or a sheet of paper comes out of."),
    ),
)
LIGHTS = Section(
    "lights",
    "What the page's lights mean",
    ("Each light has a word and a sign of its own, so that nothing depends on colours.",),
    (
        _entry("OK", "It works, as far as was seen at the time that stands beside it."),
        _entry("Warning", "Keys go on, or only one of them is concerned. Somebody should look at it."),
        _entry("Fault", "Some keys, or all, are not cut until this is mended."),
    ),
)
WHEN = Section(
    "when",
    "What to do when...",
    entries=(
        _entry(
            "...a key is not cut",
            "Read the note at the order in Mews: it says what became of the card first, then why, and last "
            "what to do.",
            "Read the sentence on top of the page. Each fault has a line for the front desk.",
            "A guest who waits gets a key at the lock system's own PC, which needs neither this box nor Mews.",
        ),
        _entry(
            "...a key was perhaps cut",
            "Look at the encoder for a card and try it at its door before another one is ordered.",
            "Then say that it was looked after: seen and the order's id, on the console or the command line.",
        ),
        _entry(
            "...support asks how the box is",
            "Give them a support bundle: the button on the page, nightporter bundle, or bundle on the serial "
            "console. "
            "It has no guest, no password and no token in it.",
        ),
        _entry(
            "...the page does not open",
            "Is the box on, and the network cable in at both ends? Try the box's IP address instead of its name.",
            "Over the serial cable the console needs no network: type status.",
        ),
        _entry(
            "...the lock system's PC was replaced",
            "Compare its address and, with https, its certificate with the provisioning file. test says step "
            "by step "
            "how far the box gets.",
        ),
        _entry(
            "...two boxes may be on",
            "One token belongs to one box. Switch the other one off; takeover lets this one sign in at once.",
        ),
    ),
)
REACH = Section(
    "reach",
    "How to reach the page and the console",
    entries=(
        _entry(
            "The page",
            "In the hotel's network at http://NAME.local/, NAME being the box's name, or at its IP address. "
            "It only "
            "looks, so it asks for no password.",
        ),
        _entry(
            "Acting",
            "Needs the box's password, which stands on its label, over an encrypted connection: the page links it "
            "where the provisioning file sets it up.",
        ),
        _entry(
            "The serial console",
            "A serial or USB cable, any terminal program, 115200 baud, 8N1. Looking is free; acting asks for the "
            "console code of the label. help lists the verbs.",
        ),
        _entry("The command line", "nightporter help on the box itself or beside any running agent."),
    ),
)
CARE = Section(
    "care",
    "Bundle, update, restart, factory reset",
    entries=(
        _entry(
            "Support bundle",
            "nightporter bundle writes one file of at most 2 MB; nightporter bundle --show FILE looks into "
            "one. On the "
            "console bundle prints it as lines of text, and on a laptop nightporter provision receive-bundle "
            "gets it "
            "over the cable.",
        ),
        _entry(
            "Update",
            "nightporter update FILE or URL, update URL on the console, or a USB stick with the signed .raucb "
            "file. "
            "The box tries the new version, and goes back by itself if something that worked does not work "
            "with it.",
        ),
        _entry("Restart", "reboot on the console: a key that is being cut is finished first."),
        _entry(
            "Factory reset",
            "factory-reset NAME on the console forgets provisioning file, journal and settings for good. Keep the "
            "provisioning file at hand before.",
        ),
        _entry(
            "Another provisioning file",
            "From a laptop: nightporter provision send FILE --port DEVICE. Or as provisioning.toml on the boot "
            "partition. The box shows what would change, and tries a new file for two minutes.",
        ),
    ),
)


def security(supported_until: str) -> Section:
    """What is promised, and how to report; `supported_until` is a date in words, as the box has it."""
    return Section(
        "security",
        "Security",
        (
            f"This version gets security updates until {supported_until}.",
            "Somebody who finds a way to have keys cut, to read what should be hidden, or to stop the box "
            "from afar, "
            "please tells it in private: to the company that is named under support on this page, or by a private "
            "report at the place from which this software comes. SECURITY.md there says what happens then.",
        ),
        (
            _entry("Updates are signed", "The box installs what its maker has signed, and nothing older."),
            _entry("No guest is on its disk", "The journal has orders, rooms, times and notes, and no name."),
            _entry(
                "Looking and acting are apart",
                "Whoever is in the hotel's network may look. Acting needs the password, a cable, or root on "
                "the box.",
            ),
            _entry(
                "Words from elsewhere are data",
                "What Mews, a lock system or a printer says is shown as text, and never carried out.",
            ),
            _entry(
                "A stolen box",
                "Its provisioning file holds tokens and passwords. Have the Mews token and the lock system's "
                "password "
                "changed.",
            ),
        ),
    )


FIRST = (BOX, HOPS, LIGHTS, WHEN, REACH, CARE)
