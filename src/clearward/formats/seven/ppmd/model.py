"""What a PPMd model learns from each byte.

Source: as for `decoder.py`.
"""

from clearward.formats.seven.ppmd.contexts import MAX_FREQ, STATE, Contexts

MOST_SINGLE = 32  # frequency up to which the state of a context with one byte grows
MOST_INITIAL_RUN = 12


class Model(Contexts):
    """Everything that the bytes so far have taught.

    Args:
        order: length of the longest contexts.
        memory: bytes for them.

    Attributes:
        shortest: the context in which the last byte was found, or its successor.
        longest: the longest context of the last bytes.
        found: the state of the last byte.
        fall: how many contexts shorter than the longest possible the last one was.
        run: grows with every byte that was expected; negative at first.
        expected: 1 if the last byte was expected, else 0.
        escape: frequency of leaving a context that has just got its second byte.
        restarted: memory was full, and everything was forgotten.
    """

    __slots__ = (
        *("_first_run", "_order", "escape", "expected", "fall"),
        *("found", "longest", "restarted", "run", "shortest"),
    )

    def __init__(self, order: int, memory: int) -> None:
        super().__init__(memory)
        self._order = order
        self._first_run = -min(order, MOST_INITIAL_RUN) - 1
        self.fall = self.run = self.expected = self.escape = 0
        self.shortest = self.longest = self.found = 0
        self._restart()

    def saw_single(self, state: int) -> None:
        """Learn that the only byte of the shortest context has come again."""
        self.found = state
        freq = self.heap[state + 1]
        self.heap[state + 1] = freq + (freq < 128)  # noqa: PLR2004 - frequency's bound
        self.expected = 1
        self.run += 1
        self._advance()

    def saw_first(self, state: int) -> None:
        """Learn that the first byte in the table of the shortest context has come."""
        self.found = state
        half = (self.shortest >> 1) + 1
        freq, total = self.heap[state + 1], self._halves[half]
        self.expected = int(2 * freq > total)
        self.run += self.expected
        self._halves[half] = total + 4 & 0xFFFF
        self.heap[state + 1] = freq + 4
        if freq + 4 > MAX_FREQ:
            self._rescale()
        self._advance()

    def saw_other(self, state: int) -> None:
        """Learn that another byte in that table has come."""
        heap = self.heap
        self._add(state)
        self.found = state
        before = state - STATE
        if heap[state + 1] > heap[before + 1]:
            self.move(state, before)
            self.found = before
            if heap[before + 1] > MAX_FREQ:
                self._rescale()
        self._advance()

    def saw_after_escape(self, state: int) -> None:
        """Learn that a byte was found after longer contexts were left."""
        self._add(state)
        self.found = state
        if self.heap[state + 1] > MAX_FREQ:
            self._rescale()
        self.run = self._first_run
        self._learn()

    def _add(self, state: int) -> None:
        half = (self.shortest >> 1) + 1
        self._halves[half] = self._halves[half] + 4 & 0xFFFF
        self.heap[state + 1] += 4

    def _advance(self) -> None:
        target = self.target(self.found)
        if self.fall == 0 and target > self.units.text:
            self.shortest = self.longest = target
        else:
            self._learn()

    def _learn(self) -> None:
        """Make what the found byte says about the contexts known to all of them."""
        if not self._grow():
            self._restart()

    def _grow(self) -> bool:
        """The same; False if memory is full."""
        found, units = self.found, self.units
        target = self.target(found)
        shorter = self._words[(self.shortest >> 2) + 2]
        if shorter and self.heap[found + 1] < MAX_FREQ // 4:
            self._remember(shorter)
        if self.fall == 0:
            self.shortest = self.longest = self._make(reuse=True)
            self.lead(found, self.shortest)
            return self.shortest > 0
        self.heap[units.text] = self.heap[found]
        units.text += 1
        text = units.text
        if units.is_full():
            return False
        if not target:
            self.lead(found, text)
            target = self.shortest
        else:
            if target <= text:
                target = self._make(reuse=False)
            self.fall -= 1
            if self.fall == 0:
                text = target
                units.text -= self.longest != self.shortest
        if not target or not self._extend(text):
            return False
        self.shortest = self.longest = target
        return True

    def _remember(self, context: int) -> None:
        """Count the found byte in the next shorter context as well."""
        heap = self.heap
        state = self.state(context, heap[self.found])
        if self._halves[context >> 1] == 1:
            heap[state + 1] += heap[state + 1] < MOST_SINGLE
            return
        before = state - STATE
        first = self._words[(context >> 2) + 1]
        if state != first and heap[state + 1] >= heap[before + 1]:
            self.move(state, before)
            state = before
        if heap[state + 1] < MAX_FREQ - 9:
            heap[state + 1] += 2
            self._halves[(context >> 1) + 1] += 2

    def _make(self, *, reuse: bool) -> int:
        """Make the contexts that the found byte leads to, one byte longer each.

        Args:
            reuse: the longest of them is not wanted: a shorter one may serve.

        Returns:
            the longest, 0 if memory is full.
        """
        heap, symbol = self.heap, self.heap[self.found]
        text = self.target(self.found)
        states = [] if reuse else [self.found]
        context = self.shortest
        while shorter := self._words[(context >> 2) + 2]:
            context = shorter
            state = self.state(context, symbol)
            target = self.target(state)
            if target != text:
                context = target
                break
            states.append(state)
        symbol = heap[text]
        freq = self._inherited(context, symbol) if states else 0
        for state in reversed(states):
            made = self.single(symbol, freq, text + 1, context)
            if not made:
                return 0
            self.lead(state, made)
            context = made
        return context

    def _inherited(self, context: int, symbol: int) -> int:
        """The first frequency of a byte in a new context, from the next shorter one."""
        freq = self.heap[self.state(context, symbol) + 1]
        count = self._halves[context >> 1]
        if count == 1:
            return freq
        freq -= 1
        others = self._halves[(context >> 1) + 1] - count - freq
        if 2 * freq <= others:
            return 1 + (5 * freq > others)
        return 1 + (2 * freq + 3 * others - 1) // (2 * others)

    def _extend(self, text: int) -> bool:
        """Add the found byte to all longer contexts; False if memory is full."""
        heap, halves = self.heap, self._halves
        symbol, freq = heap[self.found], heap[self.found + 1]
        states = halves[self.shortest >> 1]
        others = halves[(self.shortest >> 1) + 1] - states - (freq - 1)
        context = self.longest
        while context != self.shortest:
            count = halves[context >> 1]
            total = self._make_room(context, count, states)
            if not total:
                return False
            own = 2 * freq * (total + 6)
            whole = others + total
            if own < 6 * whole:
                own = 1 + (own > whole) + (own >= 4 * whole)
                total += 3
            else:
                own = 4 + sum(own >= n * whole for n in (9, 12, 15))
                total += own
            halves[(context >> 1) + 1] = total & 0xFFFF
            state = self._words[(context >> 2) + 1] + count * STATE
            heap[state], heap[state + 1] = symbol, own
            self.lead(state, text)
            halves[context >> 1] = count + 1
            context = self._words[(context >> 2) + 2]
        return True

    def _rescale(self) -> None:
        """Halve the frequencies of the shortest context, and sort its table."""
        heap, half = self.heap, self.shortest >> 1
        table, count = self.table(self.shortest), self._halves[half]
        self.move(self.found, table)
        escape = self._halves[half + 1] + 4
        heap[table + 1] += 4
        add = int(self.fall != 0)
        total = 0
        for state in range(table, table + count * STATE, STATE):
            escape -= heap[state + 1]
            heap[state + 1] = freq = (heap[state + 1] + add) >> 1
            total += freq
            place = state
            while place != table and freq > heap[place - STATE + 1]:
                place -= STATE
            if place != state:
                self.move(state, place)
        freqs = heap[table + 1 : table + count * STATE : STATE]
        left = len(freqs.rstrip(b"\0"))
        escape += count - left
        if left < count:
            self.cut(self.shortest, left)
        if left == 1:
            self._halve_single(escape)
        else:
            self._halves[half + 1] = total + escape - (escape >> 1) & 0xFFFF
            self.found = self.table(self.shortest)

    def _halve_single(self, escape: int) -> None:
        """Lower the frequency of the only state that is left, as leaving was likely."""
        state = self.shortest + 2
        freq = self.heap[state + 1]
        while True:
            freq -= freq >> 1
            escape >>= 1
            if escape <= 1:
                break
        self.heap[state + 1] = freq
        self.found = state

    def _make_room(self, context: int, count: int, states: int) -> int:
        """Make room for one more state.

        Args:
            context: where.
            count: how many states it has.
            states: how many the context has in which the byte was found.

        Returns:
            the sum of the context's frequencies, 0 if memory is full.
        """
        if count == 1:
            table = self.spread(context)
            if not table:
                return 0
            freq = self.heap[table + 1]
            freq = 2 * freq if freq < MAX_FREQ // 4 - 1 else MAX_FREQ - 4
            self.heap[table + 1] = freq
            return freq + self.escape + (states > 3)  # noqa: PLR2004 - the model's own
        if count % 2 == 0 and not self.widen(context, count // 2):
            return 0
        total = self._halves[(context >> 1) + 1]
        few = 4 * count <= states and total <= 8 * count
        return total + (2 * count < states) + 2 * few

    def _restart(self) -> None:
        """Forget everything."""
        self.shortest = self.longest = self.root()
        self.found = self.table(self.shortest)
        self.fall = self._order
        self.run = self._first_run
        self.expected = 0
        self.restarted = True
