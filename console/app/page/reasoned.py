"""Personal data on a page: a reason is asked for where one is wanted."""

from __future__ import annotations

from textual import on

from console.app.messages import Wanting
from console.app.page.past import Past
from console.app.views.rows import RowsView
from console.app.views.why import Why


class Reasoned(Past):
    """The dialogue of a viewer who says why."""

    @on(Wanting)
    def reason_wanted(self, message: Wanting) -> None:
        """Ask for the reason, over whatever is shown."""
        if isinstance(self.view, Why):
            self.view.more(message)
            return
        self.open_view(Why(self, message))
        self.arrived()

    def hidden(self) -> str:
        """Return which personal fields are hidden where the keys are, "" for none."""
        if isinstance(self.view, RowsView):
            return self.view.wanted
        panel = self.panels.get(self.sitting.focus)
        return panel.answer.wanted if panel is not None and panel.answer is not None else ""

    def give_reason(self) -> None:
        """Ask why, to show what is hidden where the keys are."""
        view = self.view
        self.asking.want(self.hidden(), view.again if isinstance(view, RowsView) else self.ask_everything)
