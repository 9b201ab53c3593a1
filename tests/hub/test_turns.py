"""Turns: never more at once than allowed, none lost by who leaves the queue, and the patient behind the others, but not for ever."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from console.hub.server.turns import Turns


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3), st.lists(st.tuples(st.sampled_from((0.0, 0.5)), st.booleans()), max_size=12))
def test_turns_are_neither_lost_nor_doubled(limit: int, callers: list[tuple[float, bool]]) -> None:
    """Whoever gives up while waiting, everybody else has a turn, and there are as many as before at the end."""

    async def check() -> None:
        turns, running, most, served = Turns(limit), 0, 0, 0

        async def caller(patience: float) -> None:
            nonlocal running, most, served
            await turns.take(patience)
            running += 1
            most = max(most, running)
            try:
                await asyncio.sleep(0)
                served += 1
            finally:
                running -= 1
                turns.give(patience)

        tasks = [asyncio.create_task(caller(patience)) for patience, _ in callers]
        await asyncio.sleep(0)
        left = [task for task, (_, leaves) in zip(tasks, callers, strict=True) if leaves and task.cancel()]
        await asyncio.gather(*tasks, return_exceptions=True)
        assert most <= limit
        assert served >= len(callers) - len(left)
        for _ in range(limit):
            await asyncio.wait_for(turns.take(), 5)

    asyncio.run(check())


def test_the_patient_give_way() -> None:
    """A question that can wait is answered after those that came a little later, but before those that come much later."""

    async def check() -> list[str]:
        turns, order = Turns(1), list[str]()

        async def caller(name: str, patience: float) -> None:
            await turns.take(patience)
            order.append(name)
            turns.give(patience)

        await turns.take()
        tasks = []
        for name, patience in (("live", 0.05), ("page", 0.0)):
            tasks.append(asyncio.create_task(caller(name, patience)))
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        tasks.append(asyncio.create_task(caller("much later", 0.0)))
        await asyncio.sleep(0)
        turns.give()
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(check()) == ["page", "live", "much later"]
