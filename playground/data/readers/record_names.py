"""Names of records that differ only in case or blanks: one column, where no record has both."""

from collections import Counter, defaultdict

from playground.data.headers import spelt
from playground.data.problem import Problem, counted, listed, shown
from playground.data.readers.record_list import RecordList


def with_one_spelling(found: RecordList) -> RecordList:
    """The records with one name in place of several that are spelt alike: "Text", "text", "text ".

    The most frequent spelling stays. Names that a record has side by side, both with a value, are
    different ones.
    """
    counts = Counter(name for record in found.records for name in record)
    alike: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        alike[spelt(name).casefold()].append(name)
    groups = [names for names in alike.values() if len(names) > 1 and _are_one(names, found)]
    if not groups:
        return found
    best = {name: max(names, key=counts.__getitem__) for names in groups for name in names}
    records = [_renamed(record, best) for record in found.records]
    return found.changed(records, [_problems(best, counts)])


def _are_one(names: list[str], found: RecordList) -> bool:
    return all(sum(_has(record, name) for name in names) < 2 for record in found.records)


def _has(record: dict[str, object], name: str) -> bool:
    return record.get(name) not in (None, "")


def _renamed(record: dict[str, object], best: dict[str, str]) -> dict[str, object]:
    renamed: dict[str, object] = {}
    for name, value in record.items():
        wanted = best.get(name, name)
        if wanted not in renamed or value not in (None, ""):
            renamed[wanted] = value
    return renamed


def _problems(best: dict[str, str], counts: Counter[str]) -> Problem:
    others = [name for name, wanted in best.items() if name != wanted]
    told = [f"{shown(n)} ({counted(counts[n], 'record')}) as {shown(best[n])}" for n in others]
    return Problem(
        "names spelt in several ways",
        f"Names that differ only in case or blanks are one column: {listed(told)}.",
        "Nothing to do, unless they mean different things: then give them different names.",
        "note",
        column=best[others[0]],
        count=sum(counts[name] for name in others),
    )
