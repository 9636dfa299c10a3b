"""Start the page: `python app.py`. Also what a Hugging Face Space runs."""

import os

from playground.api import Playground
from playground.ui.server import launch


def main() -> None:
    """Read the environment, once; everything below gets what it needs as arguments.

    PLAYGROUND_HOME: where runs live. PORT, else GRADIO_SERVER_PORT, else the first free one from
    7860 on. GRADIO_SERVER_NAME: 0.0.0.0 to be reached from other machines.
    """
    home = os.environ.get("PLAYGROUND_HOME") or "playground-home"
    port = os.environ.get("PORT")
    launch(Playground(home), os.environ.get("GRADIO_SERVER_NAME"), int(port) if port else None)


if __name__ == "__main__":
    main()
