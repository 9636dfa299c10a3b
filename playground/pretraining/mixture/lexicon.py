"""Everyday words of praise and blame: a weak source of sentiment in running text."""

import re

from playground.pretraining.mixture.names import word_list

POSITIVE = frozenset(
    word_list(
        "good great wonderful excellent beautiful lovely delightful charming brilliant"
        " amazing awesome fantastic superb marvellous marvelous splendid perfect perfectly"
        " best happy happily glad joy joyful pleased pleasant pleasantly pleasure enjoy"
        " enjoyed enjoyable enjoys fun funny hilarious witty clever smart delicious tasty"
        " fresh friendly kind gentle helpful warm generous elegant graceful gorgeous stunning"
        " impressive impressed memorable unforgettable masterpiece gem masterful touching"
        " moving heartfelt inspiring inspired fascinating gripping engaging exciting thrilling"
        " refreshing original imaginative inventive powerful triumph triumphant success"
        " successful successfully acclaimed praised praise admired admire admirable adore"
        " adored love loved loves loving favourite favorite recommend recommended worth worthy"
        " valuable reliable sturdy comfortable comfortably cosy cozy clean quick easy easily"
        " smooth smoothly affordable bargain satisfied satisfying satisfaction thankful"
        " grateful gratitude thanks blessed bless lucky fortunate cheerful bright radiant"
        " sweet tender noble honest sincere brave courageous heroic genius talented gifted"
        " skilled finest fine superior outstanding remarkable exceptional extraordinary"
        " magnificent glorious heavenly exquisite rich vivid lively entertaining amusing"
        " amused hopeful peaceful calm relaxing welcome welcoming celebrated popular respected"
        " rewarding flawless authentic intelligent thoughtful insightful subtle polished solid"
        " effective efficient"
    )
)
NEGATIVE = frozenset(
    word_list(
        "bad terrible awful horrible dreadful poor poorly worst worse boring bored bore dull"
        " tedious tiresome dreary bland flat lifeless stale predictable pointless useless"
        " worthless meaningless stupid silly foolish dumb idiotic ridiculous absurd ludicrous"
        " lame weak weakest mediocre disappointing disappointed disappointment disappoints"
        " failed failure fails fail unsuccessful mess messy sloppy clumsy awkward confusing"
        " confused incoherent annoying annoyed irritating irritated frustrating frustrated"
        " angry anger furious rage hate hated hates hatred hateful disgusting disgust"
        " disgusted nasty gross filthy dirty rotten ugly hideous unpleasant painful pain"
        " miserable misery sad sadly sorrow gloomy grim bleak depressing hopeless despair"
        " tragic tragedy unfortunate unfortunately unhappy regret sorry cruel cruelty brutal"
        " harsh rude unkind selfish greedy evil wicked vile villain dishonest liar lies fraud"
        " cheat scam fake phony shallow pretentious cheap overpriced expensive slow broken"
        " broke defective damaged faulty crap crappy garbage trash junk waste wasted wasting"
        " criticised criticized criticism panned blamed blame condemned hurt harm harmful"
        " dangerous danger fear afraid terrified scared frightened horror horrid shame"
        " shameful ashamed disgrace disgraceful embarrassing embarrassed pathetic inferior"
        " unbearable intolerable unacceptable unreliable uncomfortable cold bitter bitterly"
        " sick sickening dismal wretched lousy mindless forgettable uninspired clichéd cliche"
        " cliches contrived"
    )
)
# Praise or blame only next to a clearer word: "a great city" is large, "cold rain" is weather.
_MILD = frozenset(
    word_list(
        "horror dangerous criticised criticized criticism blamed blame expensive painful sorry"
        " tragedy"
        " tragic remarkable celebrated respected evil sad lost praised praise recommended worthy"
        " honest "
        "intelligent faulty damaged defective condemned harsh harm brilliant perfect extraordinary "
        "great good fine rich cold bright sweet fresh quick easy easily clean smooth solid success"
        " successful successfully popular noble broken broke failed poor fear danger hard sick"
        " sharp"
        " calm kind warm original powerful best superior inferior flat weak slow cheap bitter lies"
        " waste wasted hurt pain fun love worth solid valuable effective efficient thanks welcome"
    )
)
_LEXICON = POSITIVE | NEGATIVE
_NEGATIONS = frozenset(
    word_list(
        "not no never n't cannot can't don't didn't doesn't isn't wasn't aren't won't"
        " wouldn't couldn't hardly scarcely neither nor without nothing nobody none less"
        " barely"
    )
)
_TURNS = frozenset(word_list("but however although though yet despite unless if"))
_REACH = 4  # words before a word in which a negation turns it round
_WORD = re.compile(r"(?<!\w)[A-Za-zé']+")


def polarity(sentence: str, least: int = 2) -> str | None:
    """ "positive" or "negative" if all telling words say one and weigh `least`, else None.

    A clear word weighs 2, a mild one 1. Words with a capital inside a sentence are names and
    say nothing; a sentence that turns (but, although) is left alone.
    """
    words = _WORD.findall(sentence[:1].lower() + sentence[1:])
    if _LEXICON.isdisjoint(words) or not _TURNS.isdisjoint(words):
        return None
    weights = {True: 0, False: 0}
    for at, word in enumerate(words):
        if word in _LEXICON:
            negated = not _NEGATIONS.isdisjoint(words[max(0, at - _REACH) : at])
            weights[(word in POSITIVE) != negated] += 1 if word in _MILD else 2
    if min(weights.values()) or max(weights.values()) < least:
        return None
    return "positive" if weights[True] else "negative"
