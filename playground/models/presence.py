"""Whether a model is there, asked before anything waits for it. Light: no torch."""

import threading
import time
from collections.abc import Callable
from concurrent import futures

from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HTTPError,
    RepositoryNotFoundError,
)

from playground import limits
from playground.errors import UserError
from playground.models.catalogue import FOLDERS
from playground.models.folders import CONFIGURATION, VOCABULARIES, find_local
from playground.models.hub import SECONDS, cached_copy, gated, missing, refused, wanted
from playground.models.sources import LOCAL, check_name, close_name

HIDDEN = (401, 404)  # what the Hub answers where nobody may know whether there is something
TOO_BUSY = 429
_free = threading.BoundedSemaphore(limits.HUB_CHECKS)
_seen: dict[tuple[str, str | bool | None], float] = {}  # when the Hub last had a model


def check(model_id: str, token: str | bool | None = False) -> None:
    """Raises UserError, with the way out, when it is sure that nobody here can use this model.

    Silent where nobody can tell in time: the Hub is slow, or has trouble; who loads it will say.
    token: what the Hub is asked with; False for none, None for this machine's own.
    """
    check_name(model_id)
    if model_id in FOLDERS:
        return
    if model_id.startswith(LOCAL):
        find_local(model_id)
        return
    seen = _seen.get((model_id, token), -limits.HUB_KNOWN_SECONDS)
    if time.monotonic() - seen >= limits.HUB_KNOWN_SECONDS:
        _in_time(lambda: _check_hub(model_id, token))


def _in_time(check: Callable[[], None]) -> None:
    """What the check raises, unless it takes too long: then it goes on by itself, unheard."""
    if not _free.acquire(blocking=False):
        return
    answer: futures.Future[None] = futures.Future()

    def work() -> None:
        try:
            check()
            answer.set_result(None)
        except Exception as error:  # whoever waits gets it
            answer.set_exception(error)
        finally:
            _free.release()

    threading.Thread(target=work, name="hub-check", daemon=True).start()
    if answer in futures.wait([answer], limits.HUB_SECONDS).done:
        answer.result()


def _check_hub(model_id: str, token: str | bool | None) -> None:
    try:
        info = HfApi().model_info(model_id, timeout=SECONDS, token=token)
        names = wanted(model_id, dict.fromkeys((f.rfilename for f in info.siblings or ()), 0))
        _check_names(model_id, names)
        address = hf_hub_url(model_id, CONFIGURATION)
        get_hf_file_metadata(address, timeout=SECONDS, token=token)  # a gated one lists its files
        _remember(model_id, token)
    except EntryNotFoundError:
        return  # listed and yet not there: the Hub contradicts itself
    except HfHubHTTPError as error:
        _raise(model_id, error, own_token=token is not False)
    # HTTPError is the base of whichever httpx the Hub's client uses: here, no answer at all.
    except (HTTPError, ConnectionError, TimeoutError):
        cached_copy(model_id)
    except ValueError:
        return  # no answer of the Hub's: a network that wants a login answers for everybody


def _remember(model_id: str, token: str | bool | None) -> None:
    if len(_seen) >= limits.HUB_KNOWN:
        _seen.clear()
    _seen[(model_id, token)] = time.monotonic()


def _raise(model_id: str, error: HfHubHTTPError, own_token: bool) -> None:
    """The sentence for an error, where trying again later would not mend it."""
    status = error.response.status_code
    if isinstance(error, GatedRepoError) or status == 403:
        raise gated(model_id, own_token) from error
    if isinstance(error, RepositoryNotFoundError) or status in HIDDEN:
        raise missing(model_id, close_name(model_id), own_token) from error
    if status < 500 and status != TOO_BUSY:
        raise refused(model_id, status) from error


def _check_names(model_id: str, names: list[str]) -> None:
    if CONFIGURATION not in names:
        raise UserError(
            f"{model_id} has no config.json, so it is not a transformers model. Pick a copy of it"
            " that transformers' save_pretrained wrote."
        )
    if not set(names) & set(VOCABULARIES):
        raise UserError(
            f"{model_id} has no tokenizer. Pick a copy of the model that has one, such as the"
            " model it was trained from."
        )
