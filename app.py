"""Start the page: `python app.py`. Also what a Hugging Face Space runs."""

import os

from playground.api import Playground
from playground.ui.hosts import is_loopback
from playground.ui.server import Hosting, launch


def main() -> None:
    """Read the environment, once; everything below gets what it needs as arguments.

    PLAYGROUND_HOME: where runs live. PORT, else GRADIO_SERVER_PORT, else the first free one from
    7860 on. GRADIO_SERVER_NAME: 0.0.0.0 to be reached from other machines; strangers may then
    not name a folder of this one as their model, unless PLAYGROUND_FOLDERS is 1, and nobody uses
    this machine's Hugging Face token. PLAYGROUND_HOSTS: further names the page is known by, with
    commas, such as class.example.org or *.example.org. PLAYGROUND_PROXIES: how many proxies stand
    in front and add the visitor's address to X-Forwarded-For.
    """
    home = os.environ.get("PLAYGROUND_HOME") or "playground-home"
    name, port = os.environ.get("GRADIO_SERVER_NAME") or None, os.environ.get("PORT")
    hosting = Hosting(
        space="SPACE_ID" in os.environ,
        names=_listed("PLAYGROUND_HOSTS") + _listed("SPACE_HOST"),
        proxies=int(os.environ.get("PLAYGROUND_PROXIES") or 0),
    )
    alone = is_loopback(name or "localhost") and hosting == Hosting()
    folders = alone or os.environ.get("PLAYGROUND_FOLDERS") == "1"
    playground = Playground(home, folders=folders, host_token=alone)
    launch(playground, name, int(port) if port else None, hosting)


def _listed(variable: str) -> tuple[str, ...]:
    names = os.environ.get(variable, "").split(",")
    return tuple(name.strip() for name in names if name.strip())


if __name__ == "__main__":
    main()
