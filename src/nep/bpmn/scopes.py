"""What a run does beyond plain steps: sub-processes, waits, errors, steps done several times."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from nep.bpmn.conditions import evaluate
from nep.bpmn.events import (
    CallClosed,
    CallOpened,
    EngineError,
    MessageSent,
    TaskClosed,
    TaskOpened,
    WaitClosed,
    WaitOpened,
)
from nep.bpmn.moves import Moves
from nep.bpmn.state import STUCK_BEFORE, Scope, Token
from nep.bpmn.tables import Step

MOST_ASKED = 1_000
"""So many may be asked in one multi-instance step."""


class Run(Moves):
    """Moves with everything the subset knows.

    The owner of a boundary event is the token in its step, or the scope of the running sub-process
    or multi-instance step.
    """

    __slots__ = ()

    def enter_special(self, step: Step, scope: int) -> None:
        """Enter a node that is neither a plain step nor a gateway."""
        kind = step.kind
        if kind == "end" or kind == "throw" or kind == "send":
            if step.trigger is not None and step.trigger.kind == "message":
                self.effects.append(MessageSent(self._number(), step.id))
            if kind != "end":
                self.leave(step, scope)
        elif kind == "terminate":
            self.terminate(scope)
        elif kind == "error_end":
            self.throw(_code(step), scope)
        elif step.instances is not None:
            self.ask(step, scope)
        elif kind == "subprocess":
            number = self._number()
            self.scopes[number] = Scope(number, step.id, scope)
            self._watch(number, step)
            self.leave(self.steps[step.inner], number)
        else:
            self._rest(step, scope)

    def _rest(self, step: Step, scope: int) -> None:
        number = self.put(step.id, "", scope)
        if step.kind == "task":
            self.effects.append(TaskOpened(number, step.id))
        elif step.kind == "call":
            self.effects.append(CallOpened(number, step.id))
        else:
            self.effects += [WaitOpened(number, node) for node in awaited(step)]
        self._watch(number, step)

    def complete_scope(self) -> bool:
        """End one sub-process in which no token is left; tell whether there was one."""
        busy = {token.scope for token in self.tokens.values()}
        busy.update(scope.parent for scope in self.scopes.values())
        for scope in self.scopes.values():
            if scope.id not in busy:
                step = self.steps[scope.node]
                del self.scopes[scope.id]
                self.unwatch(scope.id, step)
                self.leave(step, scope.parent)
                return True
        return False

    # Events on the border of a step, a sub-process, a call.

    def _watch(self, owner: int, step: Step) -> None:
        for node in step.boundaries:
            if _waits(self.steps[node]):
                self.effects.append(WaitOpened(owner, node))

    def unwatch(self, owner: int, step: Step) -> None:
        """Close what was still waited for on the border of a step that is over."""
        for node in step.boundaries:
            if (owner, node) in self.spent:
                self.spent = tuple(one for one in self.spent if one != (owner, node))
            elif _waits(self.steps[node]):
                self.effects.append(WaitClosed(owner, node))

    def border(self, owner: int, event: Step, *, last: bool) -> None:
        """Let an event come on the border of its step."""
        outer = self._outer(owner)
        if event.cancels:
            self.cancel(owner)
        elif last or not event.repeats:
            self.spent = (*self.spent, (owner, event.id))
            self.effects.append(WaitClosed(owner, event.id))
        self.leave(event, outer)

    def _outer(self, owner: int) -> int:
        return self.scopes[owner].parent if owner in self.scopes else self.tokens[owner].scope

    # Ending from outside.

    def cancel(self, owner: int) -> None:
        """End a token's step, or a scope with everything in it."""
        if owner not in self.scopes:
            self.close(self.tokens.pop(owner))
            return
        self.empty(owner)
        self.unwatch(owner, self.steps[self.scopes.pop(owner).node])

    def empty(self, scope: int) -> None:
        """Take every token out of a scope and of the scopes in it, and what was on its way there."""
        inside = {scope}
        for one in self.scopes.values():
            if one.parent in inside:
                inside.add(one.id)
        for token in [token for token in self.tokens.values() if token.scope in inside]:
            self.close(self.tokens.pop(token.id))
        for number in sorted(inside - {scope}, reverse=True):
            self.unwatch(number, self.steps[self.scopes.pop(number).node])
        self.queue[:] = [(way, at) for way, at in self.queue if at not in inside]

    def close(self, token: Token) -> None:
        """Tell that what a token had open is over."""
        if token.flow:
            return
        step = self.steps[token.node]
        if step.kind == "task":
            self.effects.append(TaskClosed(token.id, token.node))
        elif step.kind == "call":
            self.effects.append(CallClosed(token.id, token.node))
        else:
            self.effects += [WaitClosed(token.id, node) for node in awaited(step)]
        if step.boundaries and step.instances is None:
            self.unwatch(token.id, step)

    def terminate(self, scope: int) -> None:
        """End everything in a scope at once; the scope itself then goes on."""
        self.empty(scope)

    # Errors.

    def throw(self, code: str, scope: int) -> None:
        """Raise an error in a scope: the nearest border that catches it, else the case ends."""
        while scope:
            at = self.scopes[scope]
            catcher = self.catcher(self.steps[at.node], code)
            if catcher is not None:
                self.cancel(scope)
                self.leave(catcher, at.parent)
                return
            scope = at.parent
        self.terminate(0)
        self.error = code

    def catcher(self, step: Step, code: str) -> Step | None:
        """Return the error event on a border that catches a code: by its name, else one for all."""
        events = [self.steps[node] for node in step.boundaries]
        names = {
            event.trigger.name: event
            for event in reversed(events)
            if event.trigger is not None and event.trigger.kind == "error"
        }
        return names.get(code) or names.get("")

    def catches(self, step: Step, code: str, scope: int) -> bool:
        """Tell whether an error of a step in a scope is caught anywhere."""
        if self.catcher(step, code):
            return True
        while scope:
            at = self.scopes[scope]
            if self.catcher(self.steps[at.node], code):
                return True
            scope = at.parent
        return False

    def fail(self, token: Token, step: Step, code: str) -> None:
        """Let an error come out of a step whose token was taken up already."""
        if step.instances is None:
            self.unwatch(token.id, step)
            catcher = self.catcher(step, code)
            if catcher is not None:
                self.leave(catcher, token.scope)
                return
        self.throw(code, token.scope)

    # Steps done several times.

    def ask(self, step: Step, scope: int) -> None:
        """Open a multi-instance step; nobody to ask passes it by."""
        total = self._asked(step)
        if total is None or total > MOST_ASKED:
            self.stick(
                step, scope, "instances_unknown",
                "Chưa biết cần hỏi ý kiến những ai ở bước này.", at=STUCK_BEFORE,
            )  # fmt: skip
        elif not total:
            self.leave(step, scope)
        else:
            number = self._number()
            sequential = step.instances is not None and step.instances.sequential
            opened = 1 if sequential else total
            self.scopes[number] = Scope(number, step.id, scope, total, 0, opened)
            for instance in range(1, opened + 1):
                self._open_instance(step, number, instance)
            self._watch(number, step)

    def answered(self, token: Token, step: Step) -> None:
        """Count an answer; go on when all have answered or the condition holds."""
        scope = self.scopes[token.scope]
        scope = self.scopes[scope.id] = replace(scope, done=scope.done + 1)
        self._next_instance(scope, step)

    def withdrawn(self, token: Token, step: Step) -> None:
        """Ask one less."""
        scope = self.scopes[token.scope]
        scope = self.scopes[scope.id] = replace(scope, total=scope.total - 1)
        self._next_instance(scope, step)

    def _next_instance(self, scope: Scope, step: Step) -> None:
        counts = {**self.data, "done": scope.done, "total": scope.total}
        if scope.done >= scope.total or (step.until is not None and evaluate(step.until, counts)):
            self.cancel(scope.id)
            self.leave(step, scope.parent)
        elif step.instances is not None and step.instances.sequential:
            self.scopes[scope.id] = replace(scope, opened=scope.opened + 1)
            self._open_instance(step, scope.id, scope.opened + 1)

    def _open_instance(self, step: Step, scope: int, instance: int) -> None:
        self.effects.append(TaskOpened(self.put(step.id, "", scope), step.id, instance))

    def _asked(self, step: Step) -> int | None:
        asked = step.instances
        if asked is None or not asked.over:
            return asked.count if asked is not None else None
        return _number_of(self.data, asked.over)

    def _number(self) -> int:
        number = self.next_token
        self.next_token = number + 1
        return number


def awaited(step: Step) -> tuple[str, ...]:
    """Return the events a token at rest in a node is waiting for."""
    return (step.id,) if step.behind is None else tuple(step.behind)


def expect_open(token: Token, step: Step, kind: str) -> None:
    """Refuse an event for a token that does not rest in a node of this kind."""
    if token.flow or step.kind != kind:
        raise not_open()


def not_open() -> EngineError:
    """Return the refusal of an event where nothing is open for it."""
    return EngineError("token_not_open", "Hồ sơ đang chờ ở đây, không có việc để hoàn thành.")


def _waits(event: Step) -> bool:
    return event.trigger is not None and event.trigger.kind != "error"


def _code(step: Step) -> str:
    return (step.trigger.name if step.trigger is not None else "") or step.id


def _number_of(data: Mapping[str, Any], field: str) -> int | None:
    found = data.get(field)
    if isinstance(found, list | tuple):
        return len(found)
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return None
    return int(found) if found == int(found) and found >= 0 else None
