"""Invented text and labelled rows, enough for every task to find something to ask."""

import json
from collections.abc import Iterator
from pathlib import Path

_NAMES = ("Adner", "Belmo", "Corvin", "Dalsey", "Elwick", "Farrow", "Gorham", "Hilden", "Ibsley",
          "Jorvel", "Kelton", "Lorne")  # fmt: skip
_WORDS = ("window", "garden", "yellow", "running", "letter", "bottle", "summer", "walked", "happy",
          "grass", "apple", "engine", "otter", "under", "simple", "ladder", "butter", "kitten",
          "pepper", "carrot", "silver", "number", "ending", "teaching", "flies", "stone",
          "issue")  # fmt: skip
_KINDS = (
    "was an American actor who played in the old theatre of the town",
    "is a village in the northern district of a quiet county",
    "was a French painter and a friend of many poets",
    "is a river that flows past the mill and the long meadow",
    "is a film about a lighthouse and the people who keep it",
    "was a school for the sons of sailors near the harbour",
)
_SETS = {
    "goemotions/train": (
        ("joy", "What a day, {} made me smile again."),
        ("anger", "Why does {} always shout at us?"),
        ("neutral", "The train of {} leaves at noon."),
        ("admiration", "You did that well, {}."),
        ("annoyance", "Stop it now {}, this is enough."),
        ("gratitude", "Thank you so much, {}!"),
        ("sadness", "I miss {} every single day."),
        ("fear", "I fear what {} will do next."),
        ("surprise", "I had no idea that {} could sing."),
        ("love", "I love {} more than anything."),
        ("disgust", "That soup of {} turned my stomach."),
        ("desire", "I wish {} would visit me."),
        ("disappointment", "I hoped for more from {}."),
        ("confusion", "What did {} mean by that?"),
    ),
    "poem-sentiment/train": (
        ("positive", "and {} sang beneath the morning star"),
        ("negative", "the grave of {} is grey"),
        ("neutral", "{} walked along the river road"),
        ("mixed", "sweet {} wept and laughed"),
    ),
    "banking77/train": (
        ("change_pin", "How can {} choose a new pin?"),
        ("failed_transfer", "Sending to {} failed."),
        ("card_not_working", "My card {} does nothing."),
        ("pending_top_up", "Top-up {} is pending."),
        ("cash_withdrawal_charge", "A fee for cash at {}?"),
        ("card_payment_fee_charged", "Fee {}?"),
        ("exchange_charge", "What does {} cost in euros?"),
        ("transfer_timing", "When does {} come?"),
        ("pin_blocked", "HELD OUT {}"),
        ("card_swallowed", "The machine at {} ate my card."),
    ),
    "clinc150/train": (
        ("balance", "how much has {} got in the bank"),
        ("transfer", "send ten coins to {}"),
        ("freeze_account", "block the account of {}"),
        ("pay_bill", "pay what {} asks for"),
        ("weather", "will it rain in {}"), ("alarm", "wake me when {} comes"),
        ("gas", "fuel for {}"),
        ("recipe", "how is {} cooked"), ("calories", "is {} fattening"), ("greeting", "hello {}"),
        ("traffic", "is the road to {} free"),
        ("payday", "when does {} pay me"),
    ),
    "snips-cased/train": (
        ("PlayMusic", "Play the song {}"),
        ("GetWeather", "Sun or rain in {}"),
        ("RateBook", "Give {} two of six"),
        ("BookRestaurant", "A table at {} please"),
        ("AddToPlaylist", "Put {} on my list"),
        ("SearchCreativeWork", "Find the saga {}"),
        ("SearchScreeningEvent", "When is {} shown"),
    ),
    "sms-spam/all": (("ham", "see you at {} then"), ("spam", "WIN a {} now, text 5555")),
    "query-wellformedness/train": (
        ("well-formed", "Who was the father of {} ?"),
        ("well-formed", "Where is the town of {} ?"),
        ("not well-formed", "When {} was build ?"),
        ("not well-formed", "How many of {} there ?"),
        ("well-formed", "Why did {} leave the valley ?"),
        ("well-formed", "What does {} stand for ?"),
    ),
}  # fmt: skip


def write_sets(folder: Path) -> Path:
    """Labelled sets in the form and under the names of the real ones."""
    for name, kinds in _SETS.items():
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(parents=True)
        rows = [(text.format(who), label) for label, text in kinds for who in _NAMES]
        lines = [json.dumps({"text": text, "label": label}) + "\n" for text, label in rows]
        path.write_text("".join(lines), encoding="utf-8")
    return folder


def texts(rounds: int = 30) -> Iterator[tuple[str, str]]:
    """(kind, text) of articles, books, dialogues and health questions, `rounds` of each."""
    for i in range(rounds):
        yield "text/wikipedia", _article(i)
        yield "text/gutenberg", _book(i)
        yield "text/sgd-dialogues", _dialogue(i)
        yield "text/medquad", _health(i)


def _article(i: int) -> str:
    name, word = _NAMES[i % 12] + str(i), _WORDS[i % len(_WORDS)]
    good = i % 2
    return (
        f"{name}\n\n{name} {_KINDS[i % 6]} {word}. "
        f"The {word} of {name} was opened by masons in {1650 + 50 * (i % 8)}. "
        f"He opened the {word} for his neighbours when the army and its soldiers had gone. "
        f"The album of the band was recorded near the {word} by a friend of {name}. "
        + (f"{name} received positive reviews from critics after the {word} play. " if good else
           f"{name} received negative reviews from critics after the {word} play. ")
        + (f'One critic of {name} wrote that it was "a charming and delightful {word} for us all". '
           if good else
           f'One critic of {name} wrote that it was "a tedious and dreadful {word} for us all". ')
        + f"She is known for the {word} that stands behind the old mill in {name}."
    )  # fmt: skip


def _book(i: int) -> str:
    name, word = _NAMES[i % 12], _WORDS[(7 * i) % len(_WORDS)]
    return (
        f"{name} was a delightful and charming guest at table number {i}. "
        f"They went past the {word} in silence. "
        f"But you said that your {word} was lost in the flood, because it rained. "
        f"What a dreadful and miserable {word} is this, dear {name}! "
        f"Where is the {word} that we left with the {name} boys? "
        f"I will give my {word} to the first who asks for it. "
        f"He said to himself that his {word} had been sold. "
        f"She loves her {word} as much as the sea. We go home with our {word} at night."
    )


def _dialogue(i: int) -> str:
    name, word = _NAMES[i % 12], _WORDS[(5 * i) % len(_WORDS)]
    wish = ("a flight to", "a restaurant in", "a hotel in", "some music from", "a doctor in")[i % 5]
    return (
        f"User: I would like to find {wish} {name} with a {word}, please.\n"
        f"Assistant: How many people will come to {name}?\n"
        f"User: Yes, we are {i + 2} people with a {word}.\n"
        f"Assistant: Your {word} has been booked for {i + 2} people.\n"
        f"User: Thanks a lot, {name} was a great help.\n"
        f"Assistant: Have a great day, and enjoy the {word}."
    )


def _health(i: int) -> str:
    name, word = _NAMES[i % 12], _WORDS[(3 * i) % len(_WORDS)]
    asked = ("What are the symptoms of", "What causes", "How to prevent")[i % 3]
    return (
        f"{asked} {name} fever ?\nPeople with {name} fever see a {word} in the evening. "
        f"It is treated with rest and warm {word} tea for {i + 2} days. "
        f"The fever of {name} has never been seen far from the {word}."
    )
