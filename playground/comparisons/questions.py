"""The questions of a home that are known, and which arm is to be asked next."""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from playground import limits
from playground.comparisons.arms import ArmPlan
from playground.comparisons.asked import Asked, AskedArm
from playground.errors import UserError
from playground.inference.line import Rounds, Who

Find = Callable[[ArmPlan], AskedArm]


class Questions:
    """By key, the latest last. Several may want the same arm. Not safe across threads by itself.

    find: makes an arm of its plan, answered already where its answers are known.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._arms: dict[str, AskedArm] = {}
        self._rounds = Rounds()

    def add(self, key: str, asked: Asked) -> None:
        """Take a question in. One of its arms that had failed is tried again.

        Raises UserError when this asker, by token or by address, has enough being answered.
        """
        self._check_room(key, asked.who)
        self._asked[key] = asked
        self._asked.move_to_end(key)
        for plan in asked.plans:
            if plan.key in self._arms and self._arms[plan.key].state == "failed":
                del self._arms[plan.key]
        self._forget()

    def get(self, key: str) -> Asked:
        """Raises UserError when it is not known any more."""
        if (asked := self._asked.get(key)) is None:
            raise UserError("This comparison is not known any more. Ask for it again.")
        return asked

    def arms(self, asked: Asked) -> list[AskedArm]:
        """The arms of a question, each of them done or in line."""
        for plan in asked.plans:
            if plan.key not in self._arms:
                self._arms[plan.key] = self._find(plan)
        return [self._arms[plan.key] for plan in asked.plans]

    def every_arm(self) -> list[AskedArm]:
        return list(self._arms.values())

    def wanted(self, arm: AskedArm) -> bool:
        """Whether a question that somebody waits for has this arm."""
        return any(
            asked.wanted and any(plan.key == arm.plan.key for plan in asked.plans)
            for asked in self._asked.values()
        )

    def next(self) -> tuple[AskedArm, Who] | None:
        """An arm somebody wants, of the oldest question of the asker whose turn it is."""
        waiting = [
            (*self._rounds.order(asked.who), number, asked)
            for number, asked in enumerate(self._asked.values())
            if asked.wanted and not self._over(asked)
        ]
        if not waiting:
            return None
        asked = min(waiting, key=lambda one: one[:3])[3]
        self._rounds.served(asked.who)
        return next(arm for arm in self.arms(asked) if not arm.over.is_set()), asked.who

    def _check_room(self, key: str, who: Who) -> None:
        if not who.origin:
            return  # a script on this machine
        going = [
            asked.who
            for other, asked in self._asked.items()
            if other != key and asked.wanted and not self._over(asked)
        ]
        near = [one for one in going if one.origin == who.origin]
        own = near.count(who)
        if own >= limits.COMPARISONS_PER_OWNER or len(near) >= limits.COMPARISONS_PER_ORIGIN:
            theirs = own >= limits.COMPARISONS_PER_OWNER
            said = f"{own} of your comparisons" if theirs else f"{len(near)} from your address"
            raise UserError(f"{said} are still being answered. Wait until one of them is done.")

    def _over(self, asked: Asked) -> bool:
        known = (self._arms.get(plan.key) for plan in asked.plans)
        return all(arm is not None and arm.over.is_set() for arm in known)

    def _forget(self) -> None:
        """Drop old questions, and the arms that no question left has: they are on disk."""
        while len(self._asked) > 1 and self._too_many():
            older = list(self._asked.items())[:-1]  # what was just asked stays
            del self._asked[_most_remembered(older)]
        kept = {plan.key for asked in self._asked.values() for plan in asked.plans}
        self._arms = {key: arm for key, arm in self._arms.items() if key in kept}

    def _too_many(self) -> bool:
        characters = sum(asked.characters for asked in self._asked.values())
        return len(self._asked) > limits.ASKED_QUESTIONS or characters > limits.ASKED_CHARACTERS


def _most_remembered(questions: Iterable[tuple[str, Asked]]) -> str:
    """The oldest question of the origin that has most, so that nobody forgets for another.

    questions: by key, oldest first.
    """
    by_origin: dict[str, list[str]] = {}
    for key, asked in questions:
        by_origin.setdefault(asked.who.origin, []).append(key)
    return max(by_origin.values(), key=len)[0]
