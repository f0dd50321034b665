"""Matching a token against a pattern without a library, in time linear in the token."""

from __future__ import annotations

from index.engines.patterns import Chars, Choice, Pattern, Ranges, Repeat, Sequence


class Automaton:
    """Matches whole tokens against a pattern, in time linear in the token.

    Thompson's construction, run as a deterministic automaton whose states are made as tokens need them. Keep one to
    one thread.
    """

    _MOST_STATES = 2000  # deterministic states kept; then it starts anew

    def __init__(self, pattern: Pattern) -> None:
        self._edges: list[list[int]] = []  # from a state to states without reading a character
        self._reads: list[tuple[Ranges, int] | None] = []  # a state's set of characters and the state after it
        first = self._state()
        self._last = self._build(pattern, first)
        self._start = self._closure({first})
        self._steps: dict[frozenset[int], dict[str, frozenset[int]]] = {}

    def matches(self, token: str) -> bool:
        """Whether the pattern matches the whole token."""
        states = self._start
        for character in token:
            known = self._steps.get(states)
            if known is None:
                if len(self._steps) >= self._MOST_STATES:
                    self._steps.clear()
                known = self._steps[states] = {}
            following = known.get(character)
            if following is None:
                following = known[character] = self._step(states, ord(character))
            if not following:
                return False
            states = following
        return self._last in states

    def _state(self) -> int:
        self._edges.append([])
        self._reads.append(None)
        return len(self._edges) - 1

    def _build(self, pattern: Pattern, start: int) -> int:
        """Add states that match `pattern` from the state `start` on; gives the state they end in."""
        match pattern:
            case Chars(ranges):
                end = self._state()
                middle = self._state()  # `start` may be shared with other options
                self._edges[start].append(middle)
                self._reads[middle] = (ranges, end)
                return end
            case Sequence(parts):
                for part in parts:
                    start = self._build(part, start)
                return start
            case Choice(options):
                end = self._state()
                for option in options:
                    branch = self._state()
                    self._edges[start].append(branch)
                    self._edges[self._build(option, branch)].append(end)
                return end
            case Repeat(part, least, most):
                for _ in range(least):
                    start = self._build(part, start)
                end = self._state()
                if most is None:
                    loop = self._state()
                    self._edges[start].append(loop)
                    self._edges[self._build(part, loop)].append(loop)
                    self._edges[loop].append(end)
                    return end
                self._edges[start].append(end)
                for _ in range(most - least):
                    branch = self._state()
                    self._edges[start].append(branch)
                    start = self._build(part, branch)
                    self._edges[start].append(end)
                return end

    def _closure(self, states: set[int]) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for following in self._edges[waiting.pop()]:
                if following not in states:
                    states.add(following)
                    waiting.append(following)
        return frozenset(state for state in states if state == self._last or self._reads[state] is not None)

    def _step(self, states: frozenset[int], code: int) -> frozenset[int]:
        reached = set()
        for state in states:
            read = self._reads[state]
            if read is not None and any(low <= code <= high for low, high in read[0]):
                reached.add(read[1])
        return self._closure(reached)
