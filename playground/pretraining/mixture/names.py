"""What columns, answers and label words are called: the families that templates draw from."""

from collections.abc import Mapping, Sequence


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, as a list is easiest to read and to add to."""
    return tuple(text.split())


INPUTS: Mapping[str, Sequence[str]] = {
    "text": ("Text", "Text", "Text", "Sentence", "Input", "Content", "Snippet", "Statement"),
    "review": ("Review", "Review", "Review", "Review", "Review", "Text", "Comment", "Sentence",
    "Opinion", "Feedback",
               "Input", "Film review", "Customer review", "Post"),
    "question": ("Question", "Question", "Query", "Text", "Input", "Sentence", "Q"),
    "message": ("Message", "Text", "Request", "Utterance", "Input", "Query", "User", "Ticket",
                "Customer", "Question", "Sentence", "Command"),
    "verse": ("Verse", "Line", "Poem", "Text", "Sentence"),
    "passage": ("Passage", "Text", "Article", "Paragraph", "Document", "Context", "Excerpt"),
    "dialogue": ("Dialogue", "Conversation", "Chat", "Text", "Transcript"),
    "title": ("Title", "Headline", "Name", "Heading"),
    "word": ("Word", "Term", "Input", "Item", "Text"),
    "list": ("List", "Words", "Items", "Input", "Sequence"),
    "number": ("Number", "Input", "Value", "Text"),
    "numbers": ("Numbers", "Input", "List", "Values"),
    "options": ("Options", "Choices", "Candidates", "Choose from"),
    "first": ("Sentence 1", "First", "A", "Text 1", "Premise", "Text A", "Sentence A"),
    "second": ("Sentence 2", "Second", "B", "Text 2", "Hypothesis", "Text B", "Sentence B"),
    "reply": ("Reply", "Response", "Answer", "Next"),
    "target": ("Target", "Word", "Key", "Item", "Term"),
}  # fmt: skip
OUTPUTS: Mapping[str, Sequence[str]] = {
    "sentiment": ("Sentiment", "Sentiment", "Sentiment", "Sentiment", "Sentiment", "Sentiment",
    "Label", "Feeling", "Tone",
                  "Opinion", "Attitude", "Polarity", "Verdict", "Answer", "Overall", "Mood"),
    "emotion": ("Emotion", "Emotion", "Feeling", "Mood", "Label", "Tone", "Answer"),
    "topic": ("Topic", "Category", "Subject", "Label", "Class", "Theme", "Field", "Domain"),
    "intent": ("Intent", "Intent", "Label", "Category", "Topic", "Request", "Purpose", "Class",
               "Type", "Reason", "Answer"),
    "type": ("Type", "Kind", "Label", "Category", "Class", "Answer type", "Question type",
    "Asks for"),
    "label": ("Label", "Class", "Category", "Group", "Tag", "Type", "Answer", "Output", "Target"),
    "answer": ("Answer", "Answer", "Answer", "Output", "Result", "Label", "Verdict", "Correct"),
    "output": ("Output", "Result", "Answer", "Response", "Target"),
    "word": ("Word", "Answer", "Missing word", "Output", "Result"),
    "title": ("Title", "Headline", "Answer", "Name"),
}  # fmt: skip
ASKED: Mapping[str, Sequence[str]] = {
    "sentiment": ("What is the sentiment?", "How does the writer feel about it?",
    "Is it good or bad?"),
    "emotion": ("What does the writer feel?", "Which emotion is it?"),
    "topic": ("What is it about?", "What is the topic?", "Which category is it?"),
    "intent": ("What does the user want?", "What is the intent?", "What is it about?"),
    "type": ("What kind is it?", "What type of answer is asked for?", "What does it ask for?"),
    "label": ("Which label is right?", "Which group does it belong to?", "What is the class?"),
}  # fmt: skip
SENTIMENT_COLUMNS = (
    ("positive", "negative"), ("positive", "negative"), ("positive", "negative"),
    ("positive", "negative"), ("positive", "negative"), ("positive", "negative"),
    ("positive", "negative"), ("great", "terrible"), ("good", "bad"), ("good", "bad"),
    ("Positive", "Negative"), ("favourable", "unfavourable"), ("happy", "unhappy"),
    ("love", "hate"), ("pos", "neg"), ("wonderful", "awful"), ("excellent", "poor"),
    ("pleased", "disappointed"), ("like", "dislike"), ("best", "worst"),
    ("satisfied", "dissatisfied"),
)  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOP"
SYLLABLES = "ba be bi bo ka ki ko lu la me mo na ni po ra ri ru sa se ti to vu za zi fo gu da wex"
SYLLABLES += " plo dran stim bor lan mip tul gop fen"
LABEL_WORDS = word_list(
    "apple river stone window garden paper winter horse music silver orange tiger cloud"
    " bread mountain candle market bottle engine forest island pencil summer bridge button"
    " castle dinner feather hammer jacket kitchen ladder mirror needle ocean pepper ribbon"
    " shadow table umbrella violin wagon yellow zebra anchor basket copper desert eagle"
    " flower ghost honey iron jungle king lemon moon night oil plant queen road snow tree"
    " wall fire water north south east west red blue green black white up down left right"
    " hot cold old new alpha beta gamma delta one two Monday Friday March June Paris"
    " London yes no true false class group type foo bar"
)
