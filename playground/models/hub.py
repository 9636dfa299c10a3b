"""Downloads from the Hugging Face Hub, every failure a sentence with a way out."""

import errno
import shutil
from pathlib import Path

from huggingface_hub import HfApi, constants, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)
from huggingface_hub.hf_api import ModelInfo

from playground.errors import UserError
from playground.models.folders import ADAPTER, CONFIGURATION, INDEX, WEIGHTS, missing_weights

SECONDS = 10.0  # to wait for the Hub's answer
OWN_TOKEN = not constants.HF_HUB_DISABLE_IMPLICIT_TOKEN  # whether this process may use one
ELSEWHERE = "Pick a model that is open to all, or run this page on a machine of your own."
SPARE_BYTES = 500_000_000  # of disk, to be left free by a download


def fetch(model_id: str, weights: bool = True) -> Path:
    """The folder of the model's files in the local cache; what is there is not fetched again.

    Only configuration, tokenizer and safetensors at the top of the repository are taken.
    Without a connection the cached copy serves. Raises UserError otherwise.
    """
    try:
        info = HfApi().model_info(model_id, files_metadata=True, timeout=SECONDS)
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        names = wanted(model_id, sizes, weights)
        _check_disk(model_id, sum(sizes[name] for name in names if name not in _cached(info)))
        return Path(snapshot_download(model_id, allow_patterns=names))
    except GatedRepoError as error:
        raise gated(model_id) from error
    except RepositoryNotFoundError as error:
        raise missing(model_id) from error
    except HfHubHTTPError as error:
        if error.response.status_code >= 500:
            return cached_copy(model_id, weights)
        raise refused(model_id, error.response.status_code) from error
    # HTTPError is the base of whichever httpx the Hub's client uses: here, no answer at all.
    except (HTTPError, ConnectionError, TimeoutError, LocalEntryNotFoundError):
        return cached_copy(model_id, weights)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(model_id) from error
        raise


def gated(model_id: str, own_token: bool = OWN_TOKEN) -> UserError:
    """What to say of a model whose owner lets in whom they know. own_token: whether this machine's
    may be used."""
    if not own_token:
        return UserError(
            f"{model_id} is gated: its owner lets in whom they know, and this page asks without"
            f" anybody's name. {ELSEWHERE}"
        )
    return UserError(
        f"{model_id} is gated: its owner must let you in. Accept its terms on its page at"
        " huggingface.co, then log in on this machine (hf auth login) or set HF_TOKEN."
    )


def missing(model_id: str, instead: str = "", own_token: bool = OWN_TOKEN) -> UserError:
    """What to say of a model that is not there, or not for everybody. instead: one that is;
    own_token: as for `gated`."""
    spelling = f"Did you mean {instead}?" if instead else "Check the spelling."
    way = "log in on this machine (hf auth login) or set HF_TOKEN."
    private = f"For a private one, {way}" if own_token else f"If it is private: {ELSEWHERE}"
    return UserError(
        f"There is no model {model_id} on the Hub that you may see. {spelling} {private}"
    )


def refused(model_id: str, status: int) -> UserError:
    """What to say when the Hub answers with an error that nobody here can mend."""
    return UserError(
        f"The Hub refused {model_id} with status {status}. Try again in a minute, or pick the"
        " bundled model."
    )


def wanted(model_id: str, sizes: dict[str, int], weights: bool = True) -> list[str]:
    """The files to take, by name. UserError when the weights come only as pickles."""
    top = [name for name in sizes if "/" not in name]
    texts = [n for n in top if n.endswith((".json", ".txt", ".model", ".jinja")) and n != INDEX]
    if not weights:
        return texts
    if WEIGHTS in top:
        return [*texts, WEIGHTS]
    shards = [n for n in top if n.startswith("model-") and n.endswith(".safetensors")]
    if INDEX in top and shards:
        return [*texts, INDEX, *shards]
    pickles = [n for n in top if n.endswith((".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack"))]
    if ADAPTER in top:
        raise UserError(f"{model_id} is an adapter, not a model. Pick the model it was made for.")
    why = f"has its weights only as {pickles[0]}" if pickles else "has no weights"
    raise UserError(
        f"{model_id} {why}; only safetensors are opened here, because the other formats can run"
        " code. Pick a copy of the model in safetensors, or convert it on its Hub page."
    )


def _cached(info: ModelInfo) -> set[str]:
    """The names of the files of this version that are in the cache already."""
    repository = "models--" + info.id.replace("/", "--")
    snapshot = Path(constants.HF_HUB_CACHE) / repository / "snapshots" / str(info.sha)
    return {path.name for path in snapshot.iterdir()} if snapshot.is_dir() else set()


def cached_copy(model_id: str, weights: bool = True) -> Path:
    """The newest copy on this machine, if it is whole. Raises UserError where there is none."""
    config = try_to_load_from_cache(model_id, CONFIGURATION)
    folder = Path(config).parent if isinstance(config, str) else None
    if folder is None or (weights and not _is_whole(folder)):
        raise _offline(model_id)
    return folder


def _is_whole(folder: Path) -> bool:
    try:
        return not missing_weights(folder)
    except ValueError:
        return False


def _offline(model_id: str) -> UserError:
    return UserError(
        f"{model_id} is not on this machine and the Hugging Face Hub cannot be reached. Connect"
        " and try again, pick the bundled model, or give the folder of a model you have."
    )


def _check_disk(model_id: str, needed: int) -> None:
    cache = Path(constants.HF_HUB_CACHE)
    existing = next(path for path in (cache, *cache.parents) if path.exists())
    if needed and shutil.disk_usage(existing).free < needed + SPARE_BYTES:
        raise _disk_full(model_id, needed)


def _disk_full(model_id: str, needed: int = 0) -> UserError:
    size = f" ({needed / 1e9:.1f} GB to download)" if needed else ""
    return UserError(
        f"There is not enough disk space for {model_id}{size}. Free some, set HF_HOME to a larger"
        " disk, or pick a smaller model."
    )
