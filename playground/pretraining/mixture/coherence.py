"""What follows what, and what belongs to the same text."""

from collections.abc import Callable, Sequence
from random import Random

from playground.pretraining.mixture.task import Episode, Start, Task, Texts, free, pairs
from playground.pretraining.mixture.world import World

Runs = Callable[[World], Sequence[Texts]]  # texts as sentences in a row
_ENOUGH = 8


def articles(world: World) -> Sequence[Texts]:
    return [article.sentences for article in world.articles[:60]]


def books(world: World) -> Sequence[Texts]:
    return world.books


def two(rng: Random, run: Texts, gap: int = 1) -> Texts:
    """A sentence and the one `gap` behind it."""
    at = rng.randrange(len(run) - gap) if len(run) > gap else 0
    return run[at], run[min(at + gap, len(run) - 1)]


def _follows(runs: Runs, question: str) -> Start:
    """Whether the second sentence follows the first one, or is from another text."""

    def start(rng: Random, world: World) -> Episode | None:
        if len(known := runs(world)) < _ENOUGH:
            return None

        def no() -> Texts:
            first, second = rng.sample(known, 2)
            return rng.choice(first), rng.choice(second)

        return pairs(lambda: two(rng, rng.choice(known)), no, question)

    return start


def _which_next(runs: Runs, options: int) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if len(known := runs(world)) < _ENOUGH:
            return None

        def draw(label: str) -> Texts:
            own, *others = rng.sample(known, options)
            first, right = two(rng, own)
            shown = [rng.choice(other) for other in others]
            shown.insert("ABCD".index(label), right)
            return first, "\n".join(
                f"{letter}: {text}" for letter, text in zip("ABCD", shown, strict=False)
            )

        return Episode(tuple("ABCD"[:options]), draw, "Which sentence comes next?")

    return start


def _order(runs: Runs) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if len(known := runs(world)) < _ENOUGH:
            return None

        def yes() -> Texts:
            return two(rng, rng.choice(known))

        return pairs(yes, lambda: yes()[::-1], "Are the sentences in the right order?")

    return start


def _same(runs: Runs, what: str) -> Start:
    """Whether two sentences, not next to each other, are from the same text."""

    def start(rng: Random, world: World) -> Episode | None:
        if len(known := runs(world)) < _ENOUGH:
            return None

        def draw(label: str) -> Texts:
            first, other = rng.sample(known, 2)
            if label == "different":
                return rng.choice(first), rng.choice(other)
            return two(rng, first, min(2, len(first) - 1))

        return Episode(
            ("same", "different"), draw, f"Are they from the same {what} or different ones?"
        )

    return start


def _odd_sentence(rng: Random, world: World) -> Episode | None:
    """Which of three sentences is from another article."""
    if len(known := articles(world)) < _ENOUGH:
        return None

    def draw(label: str) -> Texts:
        own, other = rng.sample(known, 2)
        shown = rng.sample(own, 2)
        shown.insert(int(label) - 1, rng.choice(other))
        return ("\n".join(f"{number}. {text}" for number, text in enumerate(shown, start=1)),)

    return Episode(("1", "2", "3"), draw, "Which sentence does not belong?")


def _first(rng: Random, world: World) -> Episode | None:
    """Whether a sentence opens an article or stands further down."""
    if len(known := articles(world)) < _ENOUGH:
        return None
    openings = [run[0] for run in known]
    inner = [sentence for run in known for sentence in run[2:]]
    return Episode(
        ("first", "later"),
        lambda label: (rng.choice(openings if label == "first" else inner),),
        "Is it the first sentence of an article, or a later one?",
    )


def _mentions(rng: Random, world: World) -> Episode | None:
    """Whether a passage says a sentence: it holds it, or holds another."""
    if len(known := articles(world)) < _ENOUGH:
        return None

    def draw(label: str) -> Texts:
        run = rng.choice([one for one in known if len(one) > 4] or known)
        at = rng.randrange(max(1, len(run) - 3))
        shown = run[at : at + 2]
        rest = [sentence for sentence in run if sentence not in shown] or list(rng.choice(known))
        return " ".join(shown), rng.choice(shown if label == "yes" else rest)

    return Episode(("yes", "no"), draw, "Does the passage say so?")


def _last_words(rng: Random, world: World) -> Episode | None:
    """The end of a sentence that has been read before in the same prompt's passage."""
    if len(world.books) < _ENOUGH:
        return None

    def make() -> Texts:
        run = rng.choice(world.books)
        passage = " ".join(run[:2])
        words = rng.choice(run[:2]).split()
        middle = min(len(words) - 1, rng.randint(3, 6))
        return passage, f"{' '.join(words[:middle])} ...", words[middle].strip('.,;:!?"')

    return free(make, "Which word comes next in the passage?")


_SAME_ARTICLE = _same(articles, "article")
TASKS = (
    Task("next_sentence", "coherence", ("first", "second"), "answer",
         _follows(articles, "Does the second sentence follow the first?")),
    Task("next_sentence_book", "coherence", ("first", "second"), "answer",
         _follows(books, "Is it the next sentence?")),
    Task("which_next_of_two", "coherence", ("passage", "options"), "answer", _which_next(articles,
         2)),
    Task("which_next_of_four", "coherence", ("passage", "options"), "answer",
         _which_next(articles, 4), 0.5),
    Task("which_next_in_book", "coherence", ("passage", "options"), "answer", _which_next(books,
         2), 0.5),
    Task("sentence_order", "coherence", ("first", "second"), "answer", _order(articles)),
    Task("sentence_order_book", "coherence", ("first", "second"), "answer", _order(books), 0.5),
    Task("same_article", "coherence", ("first", "second"), "answer", _SAME_ARTICLE, 1.5),
    Task("same_book", "coherence", ("first", "second"), "answer", _same(books, "book")),
    Task("odd_sentence", "coherence", ("text",), "answer", _odd_sentence),
    Task("opening_sentence", "coherence", ("text",), "answer", _first, 0.7),
    Task("passage_says", "coherence", ("passage", "second"), "answer", _mentions, 1.5),
    Task("next_word_in_passage", "coherence", ("passage", "target"), "word", _last_words),
)  # fmt: skip
