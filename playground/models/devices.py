"""Where a network runs and in which number format: decided here and nowhere else."""

from contextlib import AbstractContextManager, nullcontext

import psutil
import torch

HALF_ABOVE = 1_500_000_000  # parameters; a larger base is held in bfloat16 on a GPU


def choose_device() -> torch.device:
    """The first CUDA device, else Apple's, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: torch.device, training: bool) -> torch.dtype:
    """The format of the computation; the weights stay as `weights_dtype` says.

    CUDA computes in bfloat16 where it can, in training and in scoring alike. A CPU scores in
    float32, so that numbers can be reproduced, and may train in bfloat16 where it has
    instructions for it: whether that is faster is for the training loop to try.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.bfloat16
    if device.type == "cpu" and training and _cpu_has_bfloat16():
        return torch.bfloat16
    return torch.float32


def weights_dtype(device: torch.device, parameters: int) -> torch.dtype:
    """The format the base is held in. float32, so that updates are not rounded away, but for a
    base so large that only its small additions will be trained."""
    large = device.type == "cuda" and parameters > HALF_ABOVE and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if large else torch.float32


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[object]:
    """Computes in `dtype` inside the with-block; float32 leaves everything as it is."""
    if dtype == torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=dtype)


def device_name(device: torch.device) -> str:
    """What a person calls it: the GPU's name, or "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def available_bytes(device: torch.device) -> int:
    """Memory that could be taken now."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)  # Apple GPUs share the machine's memory


def total_bytes(device: torch.device) -> int:
    """Memory the device has in all."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[1]
    return int(psutil.virtual_memory().total)


def peak_bytes(device: torch.device) -> int:
    """The most memory in use so far: the device's own on CUDA, else the process's."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", 0)) or _peak_resident() or int(memory.rss)


def _peak_resident() -> int:
    """The kernel's high-water mark, in bytes; 0 where it keeps none."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            lines = dict(line.split(":", 1) for line in status if ":" in line)
    except OSError:
        return 0
    return int(lines.get("VmHWM", "0 kB").split()[0]) * 1024


def _cpu_has_bfloat16() -> bool:
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
