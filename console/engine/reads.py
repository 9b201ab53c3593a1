"""Which facts a panel reads, so that a new data version can say which panels it touches."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.engine.apps import AppPlan, Plan
from console.engine.model import Model

Reads = Mapping[tuple[str, str], frozenset[str]]


def reads(apps: Mapping[str, AppPlan], model: Model) -> Reads:
    """Return the facts that each panel of each app reads, by app and panel."""
    return {(app.app.name, name): _read(plan, model) for app in apps.values() for name, plan in app.plans.items()}


def touched(by: Reads, facts: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Return the panels that read any of the facts."""
    return frozenset(panel for panel, read in by.items() if read & facts)


def asked(plan: Plan, model: Model) -> frozenset[str]:
    """Return the facts whose rows a panel's answer is made of: those that its own SQL names as of now, else its own."""
    named = model.facts.keys() & set(re.findall(r"(\w+)\(\$now\)", f"{plan.sql} {plan.markers}"))
    return frozenset(named if plan.sql else named | {plan.spec.fact})


def _read(plan: Plan, model: Model) -> frozenset[str]:
    """Return a panel's fact, those that its own SQL names, and those from which a clause can reach any of them."""
    named = {each.spec.fact for each in plan.every()} | (model.facts.keys() & set(re.findall(r"\w+", f"{plan.sql} {plan.markers}")))
    links = [link for link in model.links.values() if link.to_fact in named or link.name == plan.through]
    return frozenset(named.union(*({step.from_fact, step.to_fact} for link in links for step in link.steps)))
