"""What columns, labels and parts of a data set are usually called."""

import re


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def key(name: str) -> str:
    """A name as the lists below spell it: lower case, words joined by underscores."""
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


LABEL_NAMES = words(
    "label labels sentiment intent class category target y follows polarity answer emotion topic"
    " entailment gold type genre stance verdict rating stars score tag output outcome is_duplicate"
    " relation judgement judgment decision kategorie klasse etiqueta"
)
PLAIN_LABEL_NAMES = words("label labels class target y gold category output")  # say nothing more
TEXT_NAMES = words(
    "text sentence review comment ticket message content body question premise hypothesis passage"
    " tweet post description document utterance query title headline input source x statement"
    " sentence1 sentence2 text_a text_b text1 text2 context abstract summary claim request"
)
PLAIN_TEXT_NAMES = words("text sentence content body input x document string txt")
ID_NAMES = words("id idx index uid uuid guid key hash url link timestamp date time")
SPLIT_NAMES = words("split set fold partition subset part dataset usage")
SENTIMENT_NAMES = words("sentiment polarity feeling tone mood attitude opinion valence")
ASKING_NAMES = words("hypothesis question claim statement query")  # asked about the other text

TO_LABELLED = words("train training labelled labeled")
TO_HELD_OUT = words(
    "test testing dev devel development valid validation val eval evaluation held_out heldout"
    " holdout hold_out"
)
PAIRS = frozenset(
    frozenset(pair.split("/"))
    for pair in words(
        "premise/hypothesis question/passage question/sentence question/context"
        " sentence1/sentence2 sentence_1/sentence_2 sentence_a/sentence_b text1/text2"
        " text_1/text_2 text_a/text_b question1/question2 question_1/question_2 question/answer"
        " claim/evidence claim/passage query/document query/passage"
    )
)
