"""Everyday words by category: what they are, which one is odd, what a list holds."""

from random import Random

from playground.pretraining.mixture.induction import unnamed
from playground.pretraining.mixture.task import (
    Episode,
    Pools,
    Start,
    Task,
    Texts,
    classes,
    free,
    pairs,
    perhaps_asked,
    some,
)
from playground.pretraining.mixture.world import World

_CATEGORIES = {
    "animal": "dog cat horse cow pig sheep goat lion tiger bear wolf fox rabbit mouse elephant"
    " monkey deer",
    "bird": "eagle owl crow robin sparrow duck goose swan hawk parrot pigeon hen gull raven",
    "fish": "salmon trout shark tuna cod herring carp eel pike",
    "insect": "ant bee wasp fly beetle moth butterfly spider mosquito cricket",
    "fruit": "apple banana orange grape pear peach plum cherry lemon melon strawberry mango",
    "vegetable": "carrot potato onion cabbage pea bean tomato lettuce spinach turnip garlic",
    "drink": "water milk tea coffee beer wine juice lemonade whisky cider",
    "food": "bread cheese butter soup rice cake pie meat sausage pizza noodles sandwich",
    "colour": "red blue green yellow black white brown pink purple grey orange violet",
    "body part": "hand foot head arm leg nose ear eye mouth knee shoulder finger neck",
    "clothes": "shirt coat hat shoe dress sock glove scarf trousers jacket skirt boot",
    "furniture": "table chair bed desk sofa shelf cupboard bench stool wardrobe",
    "tool": "hammer saw axe knife drill spade shovel screwdriver needle scissors",
    "vehicle": "car bus train ship boat bicycle truck plane tram wagon carriage",
    "country": "France Germany Italy Spain China Japan India Brazil Canada Egypt Russia Mexico"
    " Poland",
    "city": "London Paris Berlin Rome Madrid Tokyo Moscow Chicago Boston Vienna Dublin Cairo",
    "job": "doctor teacher lawyer farmer nurse baker soldier sailor cook judge painter engineer",
    "sport": "football tennis cricket hockey golf boxing swimming rugby baseball basketball rowing",
    "instrument": "piano violin guitar flute drum trumpet harp organ cello clarinet",
    "metal": "iron gold silver copper lead tin steel brass zinc nickel",
    "weather": "rain snow wind storm fog hail frost thunder sunshine cloud",
    "family": "mother father sister brother uncle aunt cousin son daughter grandmother nephew",
    "number": "one two three four five six seven eight nine ten twelve twenty hundred",
    "month": "January February March April May June July August September October November"
    " December",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "building": "house church castle school hospital tower palace station museum barn factory"
    " hotel",
    "tree": "oak pine elm birch willow maple ash fir beech cedar",
    "flower": "rose lily tulip daisy violet poppy orchid daffodil",
    "language": "English French German Latin Greek Spanish Russian Chinese Arabic Italian",
    "school subject": "mathematics history geography physics chemistry biology music art",
}
CATEGORIES: Pools = {name: words.split() for name, words in _CATEGORIES.items()}
_COUNTED = ("bird", "tool", "vehicle", "furniture", "building", "instrument", "job", "family")
_NO_PLURAL = ("goose", "scissors", "knife", "shelf", "aircraft")
_OPPOSITES = (
    "hot cold/big small/old new/fast slow/high low/rich poor/hard soft/light dark/open closed"
)
_OPPOSITES += (
    "/early late/full empty/strong weak/happy sad/long short/wide narrow/clean dirty/up down"
)
_OPPOSITES += (
    "/left right/day night/win lose/buy sell/love hate/first last/in out/young old/true false"
)
_PAIRS = tuple(tuple(pair.split()) for pair in _OPPOSITES.split("/"))


def _category(most: int, least: int = 2) -> Start:
    return lambda rng, world: classes(some(CATEGORIES, rng, most, least), rng)


def _unnamed(rng: Random, world: World) -> Episode | None:
    return unnamed(some(CATEGORIES, rng, 5), rng)


def _is(rng: Random, world: World) -> Episode:
    name = rng.choice(list(CATEGORIES))
    others = [words for other, words in CATEGORIES.items() if other != name]
    article = "an" if name[0] in "aeiou" else "a"
    return pairs(
        lambda: (rng.choice(CATEGORIES[name]),),
        lambda: (rng.choice(rng.choice(others)),),
        rng.choice((f"Is it {article} {name}?", f"Does it belong to {name}?")),
    )


def _same(rng: Random, world: World) -> Episode:
    names = list(CATEGORIES)

    def no() -> Texts:
        first, second = rng.sample(names, 2)
        return rng.choice(CATEGORIES[first]), rng.choice(CATEGORIES[second])

    def yes() -> Texts:
        return tuple(rng.sample(CATEGORIES[rng.choice(names)], 2))

    return pairs(yes, no, "Do they belong to the same category?")


def _odd(rng: Random, world: World) -> Episode:
    def make() -> Texts:
        first, second = rng.sample(list(CATEGORIES), 2)
        odd = rng.choice(CATEGORIES[second])
        words = [odd, *rng.sample(CATEGORIES[first], rng.randint(3, 4))]
        rng.shuffle(words)
        return ", ".join(words), odd

    return free(make, "Which word does not belong?")


def _the_one(rng: Random, world: World) -> Episode:
    """The word of one category in a list of others; without the question the examples tell."""
    name = rng.choice(list(CATEGORIES))
    others = [other for other in CATEGORIES if other != name]

    def make() -> Texts:
        own = rng.choice(CATEGORIES[name])
        words = [own, *(rng.choice(CATEGORIES[other]) for other in rng.sample(others, 3))]
        rng.shuffle(words)
        return ", ".join(words), own

    return perhaps_asked(make, f"Which one is a kind of {name}?", rng)


def _holds(rng: Random, world: World) -> Episode | None:
    if len(world.words) < 60:
        return None

    def draw(label: str) -> Texts:
        words = [rng.choice(world.words) for _ in range(rng.randint(4, 8))]
        asked = rng.choice(words) if label == "yes" else rng.choice(world.words)
        return ", ".join(words), asked

    return Episode(("yes", "no"), draw, "Is the word in the list?")


def _opposite(rng: Random, world: World) -> Episode:
    return perhaps_asked(lambda: rng.choice(_PAIRS), "What is the opposite?", rng)


def _counted(rng: Random, world: World) -> Episode:
    def draw(label: str) -> Texts:
        names = list(CATEGORIES)
        return (", ".join(rng.choice(CATEGORIES[rng.choice(names)]) for _ in range(int(label))),)

    return Episode(("2", "3", "4", "5", "6"), draw, "How many words are in the list?")


def plural(word: str) -> str:
    """Of a regular noun."""
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    regular = not word.endswith("y") or word[-2] in "aeiou"
    return word + "s" if regular else word[:-1] + "ies"


def _plural(rng: Random, world: World) -> Episode:
    nouns = [word for name in _COUNTED for word in CATEGORIES[name] if word not in _NO_PLURAL]

    def make() -> Texts:
        word = rng.choice(nouns)
        return word, plural(word)

    return perhaps_asked(make, "What is the plural?", rng)


TASKS = (
    Task("word_category", "words", ("word",), "label", _category(8, 3), 1.5),
    Task("word_category_pair", "words", ("word",), "label", _category(2), 1.0),
    Task("word_category_unnamed", "induction", ("word",), "label", _unnamed, 2.0),
    Task("word_is", "words", ("word",), "answer", _is, 0.8),
    Task("word_same_category", "words", ("first", "second"), "answer", _same, 0.6),
    Task("odd_one_out", "words", ("list",), "word", _odd, 0.7),
    Task("the_one_of_a_kind", "words", ("list",), "word", _the_one, 0.8),
    Task("in_the_list", "words", ("list", "target"), "answer", _holds, 0.7),
    Task("plural", "words", ("word",), "word", _plural, 0.4),
    Task("opposite", "words", ("word",), "word", _opposite, 0.4),
    Task("how_many_words", "words", ("list",), "answer", _counted, 0.4),
)
