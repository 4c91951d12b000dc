"""How strongly a rule binds: modals, only, any, conditions, exceptions, discretion."""

from __future__ import annotations

from tests.edits.operator import Operator, either, grown, shrunk, significant

OPERATORS: tuple[Operator, ...] = (
    significant("force", "modal-changed", "may, must and will bind differently", either("modal")),
    significant("force", "only-dropped", "the bound is gone", shrunk("only")),
    significant("force", "only-added", "a bound where there was none", grown("only")),
    significant("force", "quantifier-changed", "any, all, some, each", either("quant")),
    significant("force", "condition-dropped", "holds without the condition", shrunk("cond")),
    significant("force", "condition-added", "holds only under a condition", grown("cond")),
    significant("force", "condition-replaced", "holds under another condition", either("condr")),
    significant("force", "exception-dropped", "the exception is gone", shrunk("exc")),
    significant("force", "exception-added", "no longer holds for all", grown("exc")),
    significant("force", "and-or", "both, or one of them", either("and")),
    significant("force", "effort-weakened", "an effort is no result", grown("effort")),
    significant("force", "effort-strengthened", "a result is more than an effort", shrunk("effort")),
    significant("force", "discretion-added", "one side decides alone", grown("disc")),
    significant("force", "discretion-dropped", "one side no longer decides alone", shrunk("disc")),
)
