"""An IPP printer without the machine (RFC 8010, RFC 8011, reference/printing.md), and its port 9100.

Its codec is its own, so that a shared misreading of the RFCs cannot hide.

    wire/            the messages of IPP, a server's side of them
    paper/           what a document is, how many pages it has, how a raster looks
    switches         what printers do differently
    jobs, engine     the jobs and the one engine that prints them, side by side in time
    prints           what has come out
    machine          plug, panel, port: the printer, however it is spoken to
    web, requests, checks   what is refused: by the web server in it, by the RFCs, by this printer
    attributes, operations  what is told, and what is done over IPP
    raw              port 9100
    control, page, viewing  `/_sim/`
"""
