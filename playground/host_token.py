"""The Hub's token of whoever runs this machine, and how to do without it for strangers."""

import os
import re
from collections.abc import Mapping

# Every spelling the Hub's libraries have had, and what makes them fetch a new one.
SECRET = re.compile(
    r"(HF|HUGGING_?FACE).*(TOKEN|OIDC|API_KEY)|HUGGINGFACE_CO_STAGING", re.IGNORECASE
)


def may_be_used(environment: Mapping[str, str]) -> bool:
    """Whether only whoever runs this machine asks here. On a Space strangers do."""
    return "SPACE_ID" not in environment


def without_token(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process that works for strangers: none of its variables holds a token
    of the Hub, none of the files it names does, and the libraries are told to send none."""
    kept = {name: value for name, value in environment.items() if not SECRET.match(name)}
    return {
        **kept,
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_TOKEN": "",
        "HF_TOKEN_PATH": os.devnull,
        "NETRC": os.devnull,  # another place where a password for the Hub may lie
    }
