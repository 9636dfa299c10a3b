"""What a method costs on a model, and what the machine has."""

from dataclasses import asdict

from playground import methods
from playground.executors.compute_limit import bounded
from playground.inference.replies import Cost, Machine
from playground.inference.requests import DescribeMachine, EstimateCost
from playground.inference.resident import Progress, Resident, count_parameters
from playground.models.classes import class_words
from playground.models.devices import available_bytes, device_name
from playground.models.loading import load
from playground.models.memory import estimate

BYTES = 4  # of a trained number on disk
LENGTH = 256  # tokens of a text, for the estimate of memory before any text is known


def estimate_cost(request: EstimateCost, resident: Resident, progress: Progress) -> Cost:
    """Counted on a model without weights."""
    with bounded(request.model):
        model = load(request.model, empty=True)
    parameters = count_parameters(model.network)
    method = methods.create(request.method, request.settings)
    if refused := method.refuse(model):
        return Cost(0, 0.0, 0, parameters, refused=refused)
    labels = request.task.labels if request.task else None
    words = class_words(labels, labels) if labels else None  # their number is all that counts
    network = method.build(model, words)
    trainable = count_parameters(network, trainable=True)
    saved = getattr(method, "saved_parameters", None)  # only where they are not what trains
    stored = saved(network) if saved is not None else trainable
    length = min(model.max_length, LENGTH)
    memory = estimate(model, trainable, method.batch_size, length, resident.device)
    return Cost(
        trainable=trainable,
        share=trainable / parameters,
        bytes_per_task=stored * BYTES,
        parameters=parameters,
        memory=asdict(memory),
    )


def describe_machine(request: DescribeMachine, resident: Resident, progress: Progress) -> Machine:
    """Where models run."""
    return Machine(device_name(resident.device), available_bytes(resident.device))
