"""Addresses of gradio's that are treated in a way of their own."""

from gradio.route_utils import API_PREFIX
from starlette.types import Scope

UPLOAD = f"{API_PREFIX}/upload"
HEARTBEAT = f"{API_PREFIX}/heartbeat/"
DATA = f"{API_PREFIX}/queue/data"
JOIN = f"{API_PREFIX}/queue/join"
CALL = f"{API_PREFIX}/call/"
DIRECT = (f"{API_PREFIX}/run/", f"{API_PREFIX}/api/")
SERVER_FUNCTION = f"{API_PREFIX}/component_server"


def route_path(scope: Scope) -> str:
    """The path below the address the page is served under, as routes see it."""
    root = scope.get("root_path", "").rstrip("/")
    path = scope["path"]
    return path[len(root) :] if root and path.startswith(f"{root}/") else path
