"""What critics are quoted with, where a text says how a work was received: real reviews."""

import re

from playground.pretraining.mixture.lexicon import polarity

_RECEIVED = re.compile(
    r"\b(positive|favou?rable|rave|glowing|good|strong|enthusiastic|critical acclaim|acclaim\w*"
    r"|praised?"
    r"|negative|unfavou?rable|poor|scathing|bad|harsh|panned|criticised|criticized)\b"
    r"(?= (?:critical )?(?:reviews?|reception|responses?|notices|from|by|critics|the|its|for|as)\b)"
)
_GOOD = re.compile(r"positive|favou?rable|rave|glowing|good|strong|enthus|acclaim|prais")
_CRITIC = re.compile(
    r"review|critic|wrote|called|describ|prais|said|stat|film|album|novel|play|game|song|movie"
)


def verdict(sentence: str) -> str | None:
    """The sentiment of a sentence that reports praise or blame, None if it says more or less."""
    if not _CRITIC.search(sentence):
        return None
    said = {bool(_GOOD.match(word)) for word in _RECEIVED.findall(sentence)}
    if len(said) != 1:
        return None
    label = "positive" if said.pop() else "negative"
    if re.search(r"\b(?:not|mixed|but|however|although|despite|while|un\w+ to)\b", sentence):
        return None
    against = polarity(sentence, least=1)
    return label if against in (None, label) else None


def quoted_verdict(sentence: str) -> tuple[str, str] | None:
    """What a critic is quoted with, and its sentiment; None where the quote does not say."""
    parts = re.split(r"[\"“”]", sentence)
    if len(parts) < 3 or not _CRITIC.search(parts[0] + parts[-1]):
        return None
    for quote in parts[1::2]:
        words = quote.split()
        names = sum(word[0].isupper() for word in words)
        if 4 <= len(words) <= 45 and names <= len(words) / 3 and (label := polarity(quote)):
            return quote.strip(" ,"), label
    return None
