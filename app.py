"""Start the page: `python app.py`. Also what a Hugging Face Space runs."""

import os
import sys

from playground.api import Playground
from playground.errors import UserError
from playground.runs.quotas import ALONE, STRANGERS
from playground.ui.server import launch
from playground.ui.sent_files import UPLOADS


def main() -> None:
    """Read the environment, once; everything below gets what it needs as arguments.

    PLAYGROUND_HOME: where runs live. PORT, else GRADIO_SERVER_PORT, else the first free one from
    7860 on. GRADIO_SERVER_NAME: 0.0.0.0 to be reached from other machines; strangers may then
    not name a folder of this one as their model, unless PLAYGROUND_FOLDERS is 1.
    """
    home = os.environ.get("PLAYGROUND_HOME") or "playground-home"
    name, port = os.environ.get("GRADIO_SERVER_NAME"), os.environ.get("PORT")
    alone = name in (None, "127.0.0.1", "localhost") and "SPACE_ID" not in os.environ
    folders = alone or os.environ.get("PLAYGROUND_FOLDERS") == "1"
    try:
        playground = Playground(home, folders=folders, quota=ALONE if alone else STRANGERS)
    except UserError as error:
        sys.exit(str(error))
    os.environ.setdefault("GRADIO_TEMP_DIR", str(playground.home / UPLOADS))
    launch(playground, name, int(port) if port else None)


if __name__ == "__main__":
    main()
