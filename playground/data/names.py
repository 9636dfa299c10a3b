"""What columns, labels and parts of a data set are usually called."""

import re


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def key(name: str) -> str:
    """A name as the lists below spell it: lower case, words joined by underscores."""
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


def parts(name: str) -> tuple[str, ...]:
    """The words of a name, however they are joined: "review_text", "reviewText", "Review Text"."""
    return tuple(part for part in key(_HUMP.sub("_", name.strip())).split("_") if part)


def is_unnamed(name: str) -> bool:
    """Names that programs give to columns without one: column_2, Unnamed: 0, v1, 3."""
    return _UNNAMED.fullmatch(key(name)) is not None


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNNAMED = re.compile(r"(column|col|unnamed|field|var|v|c|x|f|_)?_?\d+")

LABEL_NAMES = words(
    "label labels sentiment intent class category target y follows polarity answer emotion topic"
    " entailment gold type genre stance verdict rating stars score tag output outcome is_duplicate"
    " relation judgement judgment decision kategorie klasse etiqueta tags categories topics genres"
    " emotions classes intents"
)
PLAIN_LABEL_NAMES = words("label labels class target y gold category output")  # say nothing more
TEXT_NAMES = words(
    "text sentence review comment ticket message content body question premise hypothesis passage"
    " tweet post description document utterance query title headline input source x statement"
    " sentence1 sentence2 text_a text_b text1 text2 context abstract summary claim request"
)
PLAIN_TEXT_NAMES = words("text sentence content body input x document string txt")
SPLITTING_PARTS = words("train training test testing validation holdout")  # as in is_train
ID_NAMES = words("id idx index uid uuid guid key hash url link timestamp date time")
ID_PARTS = ID_NAMES | words(
    "ids urls uri href path file filename datetime created updated posted ip isbn asin serial"
)
PERSON_PARTS = words("user username users handle annotator rater worker customer login nickname")
MEASURE_PARTS = words(
    "count counts number num length len likes retweets favorites favourites shares replies votes"
    " upvotes downvotes views price amount age year month day hour minute confidence probability"
    " prob numerator denominator latitude longitude lat lon percent ratio weight duration rank size"
)
PREDICTED_PARTS = words("predicted prediction predictions pred preds suggestion suggestions")
CLEANED_PARTS = words(
    "clean cleaned cleaner tidy processed preprocessed normalized normalised tokenized tokenised"
    " tokens lemmatized lemmatised lemmas stemmed stems filtered lower lowercase nopunct"
)
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
        "premise/hypothesis premise/claim question/passage question/sentence question/context"
        " question/document question/answer question/response question/paragraph question/evidence"
        " query/document query/passage query/title query/product query/response claim/evidence"
        " claim/passage claim/document claim/context claim/abstract context/hypothesis"
        " context/claim context/response context/statement evidence/statement passage/statement"
        " text/hypothesis"
        " title/body title/text title/content title/description title/abstract title/article"
        " headline/body headline/text headline/content headline/article headline/description"
        " subject/body subject/message subject/text subject/content post/reply post/response"
        " tweet/reply message/reply message/response prompt/response parent/comment left/right"
        " source/target first/second original/paraphrase sentence/paraphrase 1/2 a/b 0/1 one/two"
        " parent_comment/comment parent_post/post parent_tweet/tweet parent_text/text"
    )
)
