"""Intents: what a request wants, among a few of many, by name or by the demonstrations alone."""

from random import Random

from playground.pretraining.mixture.domains import ASPECTS, BANKING, CLINC
from playground.pretraining.mixture.induction import unnamed
from playground.pretraining.mixture.sets import spoken
from playground.pretraining.mixture.task import Episode, Pools, Start, Task, classes, some, yes_no
from playground.pretraining.mixture.world import World


def _named(world: World, source: str) -> Pools:
    rows = world.sets.get(source, {})
    return world.made(source, lambda: {spoken(label): texts for label, texts in rows.items()})


def _all(world: World) -> Pools:
    sources = ("banking77", "clinc150", "snips-cased")
    return world.made(
        "intents", lambda: {k: v for source in sources for k, v in _named(world, source).items()}
    )


def _groups(world: World, source: str, groups: dict[str, tuple[str, ...]]) -> Pools:
    rows = world.sets.get(source, {})

    def make() -> Pools:
        found = {
            name: [t for label in labels for t in rows.get(label, ())]
            for name, labels in groups.items()
        }
        return {name: texts for name, texts in found.items() if texts}

    return world.made(f"{source} groups", make)


def few(source: str, most: int, least: int = 2) -> Start:
    return lambda rng, world: classes(some(_named(world, source), rng, most, least), rng)


def _close(rng: Random, world: World) -> Episode | None:
    """Intents of one domain: names alone hardly tell them apart."""
    labels = rng.choice(list(CLINC.values()))
    rows = world.sets.get("clinc150", {})
    pools = {spoken(label): rows[label] for label in labels if label in rows}
    return classes(some(pools, rng, 10, 3), rng) if len(pools) > 3 else None


def _mixed(rng: Random, world: World) -> Episode | None:
    return classes(some(_all(world), rng, 12, 3), rng) if _all(world) else None


def _unnamed(rng: Random, world: World) -> Episode | None:
    """Intents under names that say nothing: an answer is found by a similar demonstration."""
    return unnamed(some(_all(world), rng, 6), rng)


def _domains(rng: Random, world: World) -> Episode | None:
    return classes(some(_groups(world, "clinc150", CLINC), rng, 10), rng)


def _in_domain(rng: Random, world: World) -> Episode | None:
    name = rng.choice(list(CLINC))
    return yes_no(_groups(world, "clinc150", CLINC), rng, name, f"Is this about {name}?")


def _banking_groups(rng: Random, world: World) -> Episode | None:
    return classes(some(_groups(world, "banking77", BANKING), rng, 8), rng)


def _aspect(rng: Random, world: World) -> Episode | None:
    """What went wrong or is wanted, across the things it may be about."""
    rows = _named(world, "banking77")
    made = world.made("aspects", lambda: {
        name: [t for label, texts in rows.items() if set(label.split()) & words for t in texts]
        for name, words in ASPECTS.items()
    })  # fmt: skip
    return classes(some(made, rng, 4), rng)


def _is(source: str) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if not (pools := _named(world, source)):
            return None
        name = rng.choice(list(pools))
        question = rng.choice((f"Is this about {name}?", f"Is the intent {name}?"))
        some_of_them = {**some(pools, rng, 12, 8), name: pools[name]}
        return yes_no(some_of_them, rng, name, question)

    return start


def _same(source: str, most: int = 150) -> Start:
    """Whether two requests want the same."""

    def start(rng: Random, world: World) -> Episode | None:
        pools = some(_named(world, source), rng, most, 4)
        if len(pools) < 2:
            return None
        names = list(pools)

        def draw(label: str) -> tuple[str, ...]:
            first, other = rng.sample(names, 2)
            return rng.choice(pools[first]), rng.choice(pools[first if label == "yes" else other])

        return Episode(("yes", "no"), draw, "Do both ask for the same thing?")

    return start


def _task(name: str, start: Start, weight: float = 1.0, kind: str = "intent") -> Task:
    return Task(name, kind, ("message",), "intent", start, weight)


TASKS = (
    _task("banking_pair", few("banking77", 2), 1.0, "banking"),
    _task("banking_few", few("banking77", 6, 3), 1.5, "banking"),
    _task("banking_many", few("banking77", 12, 8), 1.5, "banking"),
    _task("banking_group", _banking_groups, 1.0, "banking"),
    _task("banking_aspect", _aspect, 0.7, "banking"),
    _task("clinc_pair", few("clinc150", 2)),
    _task("clinc_few", few("clinc150", 6, 3), 2.0),
    _task("clinc_many", few("clinc150", 12, 7), 2.0),
    _task("clinc_close", _close, 1.5),
    _task("clinc_domain", _domains, 2.0),
    _task("snips_few", few("snips-cased", 5), 0.7, "snips"),
    _task("snips_all", few("snips-cased", 7, 7), 0.7, "snips"),
    _task("mixed_intents", _mixed, 1.5),
    _task("unnamed_intents", _unnamed, 4.0),
    Task("clinc_in_domain", "intent", ("message",), "answer", _in_domain),
    Task("clinc_is", "intent", ("message",), "answer", _is("clinc150")),
    Task("banking_is", "banking", ("message",), "answer", _is("banking77"), 0.7),
    Task("snips_is", "snips", ("message",), "answer", _is("snips-cased"), 0.4),
    Task("clinc_same", "intent", ("first", "second"), "answer", _same("clinc150")),
    Task("banking_same", "banking", ("first", "second"), "answer", _same("banking77", 20), 0.7),
    Task("snips_same", "snips", ("first", "second"), "answer", _same("snips-cased"), 0.4),
)
