"""Which part of a data set the name of a file, a sheet or a list says: train, test, …"""

import re
from pathlib import PurePosixPath

from playground.data.names import TO_HELD_OUT, TO_LABELLED, key


def part_of(name: str) -> str:
    """ "train", "test" or whatever part a name says, "" for none: train-00000-of-00001.parquet."""
    path = PurePosixPath(name)
    for piece in (path.name.split(".")[0], path.parent.name):
        whole = key(piece)
        if whole in TO_LABELLED | TO_HELD_OUT:
            return whole
        for word in re.split(r"[\W_]+", piece.casefold()):
            if word.rstrip("0123456789") in TO_LABELLED | TO_HELD_OUT:
                return word.rstrip("0123456789")
    return ""
