"""Where each hop of a provisioning file is, fit to be shown: host and port, never a user, a password or a path."""

from urllib.parse import urlsplit

from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP
from provisioning.model import Provisioning


def addresses(file: Provisioning) -> dict[str, str]:
    """By hop. What has no address in the file is not in it."""
    found = {"mews": file.mews.platform}
    if file.coder_bridge is not None:
        found[SERVER_HOP] = file.coder_bridge.server
    found |= {f"lock-server:{urlsplit(server.server).netloc}": server.server for server in file.visionline}
    found |= {f"printer:{printer.name}": printer.uri for printer in file.printers}
    return {hop: shown(url) for hop, url in found.items() if url}


def shown(url: str) -> str:
    """Scheme, host and port of a URL; "" where it is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}" if host else ""
