"""Packing: every token once, answers marked, windows of any length, an order that can go on."""

import lzma
from itertools import islice

import numpy as np
import pytest

from playground.errors import UserError
from playground.pretraining import packing, text, windows
from playground.pretraining.document import Document, Piece
from playground.pretraining.masking import EXTRA, TEXT_SHARE, masked
from playground.pretraining.tokenizer import END_ID, MASK_ID, PAD_ID, START_ID
from tests.pretraining.made import documents, made_tokenizer, packed, whole

COUNT = 40


def read(stream: windows.Stream, length: int) -> tuple[np.ndarray, np.ndarray]:
    """All windows of a length one after the other."""
    every = [stream.window(index, length) for index in range(stream.count(length))]
    ids, answers = zip(*every, strict=True)
    return np.concatenate(ids), np.concatenate(answers)


@pytest.mark.parametrize("length", [1, 7, 64, 1000])
@pytest.mark.parametrize("shard", [8, 64, 4096])
def test_no_token_is_lost_or_repeated(tmp_path, length, shard):
    made = made_tokenizer()
    data = packed(tmp_path, COUNT, shard)
    found = []
    for stream in (data.train, data.held_out):
        ids, answers = read(stream, length)
        assert (ids[len(stream) :] == PAD_ID).all()
        assert len(ids) - len(stream) < length
        ids, answers = ids[: len(stream)], answers[: len(stream)]
        ends = np.flatnonzero(ids == END_ID) + 1
        found += list(zip(np.split(ids, ends)[:-1], np.split(answers, ends)[:-1], strict=True))

    assert len(data.held_out) > 0
    assert sorted(made.decode(ids.tolist()) for ids, _ in found) == sorted(
        whole(document) for document in documents(COUNT)
    )
    assert all(ids[0] == START_ID for ids, _ in found)
    marked = {made.decode(ids.tolist()): made.decode(ids[bits].tolist()) for ids, bits in found}
    for document in documents(COUNT):
        assert marked[whole(document)] == "".join(p.text for p in document.pieces if p.answer)


def test_the_answer_takes_the_blank_before_it_along():
    document = Document("word", (Piece("Word: "), Piece("good", answer=True), Piece("\nWord:")))
    ((_, (ids, answers)),) = packing.encoded([document], made_tokenizer())

    assert made_tokenizer().decode(ids[answers].tolist()) == " good"


def test_what_is_packed_is_counted(tmp_path):
    about = packed(tmp_path, COUNT).about

    assert {kind: counts["documents"] for kind, counts in about["kinds"].items()} == {
        "word": COUNT // 2,
        "text/invented": COUNT // 2,
    }
    packed_tokens = sum(sum(shards) for shards in about["parts"].values())
    assert sum(counts["tokens"] for counts in about["kinds"].values()) == packed_tokens
    held = sum(about["parts"]["held_out"])
    assert 0.1 <= held / packed_tokens < 0.2


def test_an_endless_stream_is_packed_up_to_a_number_of_tokens(tmp_path):
    def endless():
        while True:
            yield from documents(10)

    wanted = packing.Wanted(tokens=2000)
    about = packing.pack(endless(), made_tokenizer(), tmp_path, wanted)

    assert 2000 <= sum(sum(shards) for shards in about["parts"].values()) < 2200


def test_an_epoch_has_every_window_once_and_each_an_order_of_its_own():
    def epoch(number: int, seed: int = 5) -> list[int]:
        steps = range(number * 5 + 1, number * 5 + 6)
        return [index for step in steps for index in windows.chosen(20, 4, seed, step)]

    assert sorted(epoch(0)) == sorted(epoch(1)) == list(range(20))
    assert epoch(0) != epoch(1)
    assert epoch(0) != epoch(0, seed=6)


def test_windows_go_on_over_the_end_of_an_epoch():
    drawn = [index for step in range(1, 8) for index in windows.chosen(7, 3, 0, step)]

    assert sorted(drawn[:7]) == sorted(drawn[7:14]) == sorted(drawn[14:]) == list(range(7))


def test_a_folder_that_was_not_packed_to_its_end_is_refused(tmp_path):
    packed(tmp_path)
    (tmp_path / packing.NAME).unlink()

    with pytest.raises(UserError, match="pack it first"):
        windows.opened(tmp_path)


def test_a_shard_that_is_too_short_is_refused(tmp_path):
    packed(tmp_path)
    shard = tmp_path / "train-00000.tokens.bin"
    shard.write_bytes(shard.read_bytes()[:-2])

    with pytest.raises(UserError, match="pack it anew"):
        windows.opened(tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_the_last_answer_of_every_prompt_is_masked_and_most_others_stay(tmp_path, seed):
    ids, answers = packed(tmp_path).train.window(1, 256)
    found = masked(ids, answers, 3.0, np.random.default_rng(seed))
    real = found.rows[found.weights > 0]
    prompts = np.cumsum(ids == START_ID)
    last = {prompts[place]: place for place in np.flatnonzero(answers)}

    assert len(found.rows) == round(TEXT_SHARE * 256)
    assert len(set(real)) == len(real)
    assert (found.ids[real] == MASK_ID).all()
    untouched = np.setdiff1d(np.arange(256), real)
    assert (found.ids[untouched] == ids[untouched]).all()
    assert set(last.values()) <= set(real)
    assert (answers[real] == (found.weights[found.weights > 0] == 3.0)).all()
    assert (found.ids[answers] != MASK_ID).any()


def test_plain_text_is_masked_by_its_share_and_never_at_its_ends():
    random = np.random.default_rng(0)
    ids = np.array([START_ID, *[9] * 198, END_ID], np.uint16)
    found = masked(ids, np.zeros(200, bool), 3.0, random)

    assert (found.weights > 0).sum() == round(TEXT_SHARE * 198)
    assert not {0, 199} & set(found.rows[found.weights > 0])


def test_masks_do_not_tell_how_long_an_answer_is():
    """Also where the document ends behind it: the masks go on in the next one."""
    first, second = [START_ID, *range(10, 30), END_ID], [START_ID, *range(40, 60), END_ID]
    ids = np.array([*first, *second], np.uint16)
    answers = np.zeros(len(ids), bool)
    answers[20] = True
    in_a_row = set()
    for seed in range(100):
        found = masked(ids, answers, 3.0, np.random.default_rng(seed))
        in_a_row.add(int(np.argmax(found.ids[20:] != MASK_ID)))

    assert set(range(1, EXTRA + 2)) <= in_a_row


def test_files_are_mixed_as_their_sizes_ask_for(tmp_path):
    few, many = "b" * 85, "a" * 90
    (tmp_path / "large.jsonl").write_text(f'{{"text": "{many}"}}\n' * 40)
    (tmp_path / "small.jsonl").write_text(f'{{"question": "Why?", "text": "{few}"}}\n' * 10)
    stream = list(text.mixed(text.files([tmp_path])))
    beginning = [kind for kind, _ in islice(stream, 20)]

    assert len(stream) == 50
    assert 3 <= beginning.count("text/small") <= 6
    assert ("text/small", f"Why?\n{few}") in stream


def test_packed_and_plain_files_say_the_same(tmp_path):
    (tmp_path / "a.txt").write_text("One.\n\nTwo.\n", encoding="utf-8")
    (tmp_path / "b.txt.xz").write_bytes(lzma.compress(b"One.\n\nTwo.\n"))

    assert {words for _, words in text.mixed(text.files([tmp_path]))} == {"One.\n\nTwo."}


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "fine"}\nnot json\n', encoding="utf-8")

    with pytest.raises(UserError, match=r"a\.jsonl, line 2"):
        list(text.texts(tmp_path / "a.jsonl"))
