"""JSON values from text, strict or as people write it, and what was odd in them."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from playground import limits
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.readers.json_loose import strict

BROKEN = (ValueError, RecursionError)  # not JSON, a number of a thousand digits, a deep nesting


@dataclass
class Noticed:
    """What is odd in the values read so far. repeated: names that an object has twice, with the
    lines of their values. loose: lines of values that are no strict JSON. room: tokens of such
    values that may still be looked at."""

    repeated: dict[str, list[int]] = field(default_factory=dict)
    loose: list[int] = field(default_factory=list)
    room: int = limits.LOOSE_TOKENS
    names: list[str] = field(default_factory=list)  # repeated in the value that is being read

    def decoder(self) -> json.JSONDecoder:
        return json.JSONDecoder(object_pairs_hook=self._object)

    def at(self, line: int) -> None:
        """Says in which line the value stands that was read last."""
        for name in dict.fromkeys(self.names):
            self.repeated.setdefault(name, []).append(line)
        self.names.clear()

    def value(self, source: str, line: int) -> object:
        """The value that a text is. Raises ValueError or RecursionError for no JSON of any kind."""
        try:
            value = self.decoder().decode(source)
        except BROKEN:
            self.names.clear()
            mended = self.mended(source)
            if mended is None:
                raise
            value = self.decoder().decode(mended)
            self.loose.append(line)
        self.at(line)
        return value

    def mended(self, source: str) -> str | None:
        """The text as strict JSON, None where it cannot be."""
        mended, tokens = strict(source, self.room)
        self.room -= tokens
        return mended

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.names += [name for name, times in counts.items() if times > 1]
        return value

    def problems(self) -> Iterator[Problem]:
        """What is to be said of it."""
        if self.repeated:
            names = listed([shown(name) for name in self.repeated])
            lines = sorted({line for at in self.repeated.values() for line in at})
            message = f"{at_lines(lines)}: {names} twice in one object; the last one counts."
            way_out = "Give each value its own name, or take out those that are not meant."
            yield Problem(
                "repeated key", message, way_out, "warning", lines[0], next(iter(self.repeated)),
                count=len(lines),
            )  # fmt: skip
        if self.loose:
            yield Problem(
                "no strict JSON",
                f"{counted(len(self.loose), 'value')}, first in line {self.loose[0]}, not strict"
                " JSON (single quotes, comments, commas at an end or the like), read all the same.",
                "Nothing to do, unless another program reads the file: json.dumps writes it"
                " strictly.",
                "note",
                line=self.loose[0],
                count=len(self.loose),
            )
