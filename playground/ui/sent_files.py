"""What visitors send lies in one folder while there is room; what was used longest ago goes."""

import tempfile
from pathlib import Path

import anyio
from gradio.utils import get_upload_folder
from starlette.types import ASGIApp, Receive, Scope, Send

from playground import limits
from playground.runs.sweeping import keep_within

UPLOADS = "uploads"  # the folder in the home
EVERYBODYS = Path(tempfile.gettempdir()) / "gradio"  # other pages of this machine use it too


class Swept:
    """Middleware: whenever somebody has sent a file, or broke off, the others are looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            if scope["type"] == "http" and scope["path"].endswith("/upload"):
                await anyio.to_thread.run_sync(sweep_uploads)


def sweep_uploads() -> None:
    """Drop the files used longest ago beyond the room there is for uploads."""
    folder = Path(get_upload_folder())
    if folder != EVERYBODYS.resolve():
        keep_within(folder, limits.UPLOADS_BYTES)
