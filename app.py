"""Start the page: `python app.py`. Also what a Hugging Face Space runs."""

import os
import sys
from collections.abc import Mapping

from playground.api import Playground
from playground.errors import UserError
from playground.runs.quotas import ALONE, STRANGERS
from playground.ui.http.hosts import is_loopback
from playground.ui.http.uploads import uploads_folder
from playground.ui.launch import Hosting, launch


def main() -> None:
    """Read the environment, once; everything below gets what it needs as arguments.

    PLAYGROUND_HOME: where runs live. PORT, else GRADIO_SERVER_PORT, else the first free one from
    7860 on. GRADIO_SERVER_NAME: 0.0.0.0 to be reached from other machines; strangers may then
    not name a folder of this one as their model, unless PLAYGROUND_FOLDERS is 1, and nobody uses
    this machine's token of the Hugging Face Hub. PLAYGROUND_HOSTS: further names the page is known
    by, such as class.example.org, *.example.org. PLAYGROUND_PROXIES: how many proxies of yours
    stand in front and add the address they see to X-Forwarded-For.
    """
    home = os.environ.get("PLAYGROUND_HOME") or "playground-home"
    port, alone = os.environ.get("PORT"), is_alone(os.environ)
    folders = alone or os.environ.get("PLAYGROUND_FOLDERS") == "1"
    try:
        playground = Playground(
            home, folders=folders, host_token=alone, quota=ALONE if alone else STRANGERS
        )
    except UserError as error:
        sys.exit(str(error))
    os.environ.setdefault("GRADIO_TEMP_DIR", str(uploads_folder(playground.home)))
    launch(playground, _bound(os.environ), int(port) if port else None, hosting(os.environ))


def is_alone(environment: Mapping[str, str]) -> bool:
    """Whether only whoever runs this machine can reach the page."""
    return is_loopback(_bound(environment) or "localhost") and hosting(environment) == Hosting()


def hosting(environment: Mapping[str, str]) -> Hosting:
    """Where the page is served, as the environment says. SystemExit for a number that is none."""
    proxies = environment.get("PLAYGROUND_PROXIES") or "0"
    if not proxies.isdecimal():
        raise SystemExit(f"PLAYGROUND_PROXIES is {proxies!r}. Give the number of your proxies.")
    names = f"{environment.get('PLAYGROUND_HOSTS', '')},{environment.get('SPACE_HOST', '')}"
    known = tuple(name.strip() for name in names.split(",") if name.strip())
    space = "SPACE_ID" in environment
    return Hosting(space, known, int(proxies), sign_in=space and "OAUTH_CLIENT_ID" in environment)


def _bound(environment: Mapping[str, str]) -> str | None:
    return environment.get("GRADIO_SERVER_NAME") or None


if __name__ == "__main__":
    main()
