"""One business declared by itself, apart from the month: prepared in the db lane, then signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from unitclient.catalog.model import Form
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.domain.period import Period
    from unitclient.workflows.declaring import FormPrepared

_TOPICS = frozenset({"items", "declarations"})


def declare(services: Services, form: Form, refused: Callable[[UserError], None]) -> None:
    """Prepare what waits, and lead to its signature; `refused` is told what stands in the way."""
    period = services.session.period()

    def done(made: FormPrepared) -> None:
        services.shell.go("sign", declaration=made.declaration_id)

    def failed(fault: BaseException) -> None:
        if isinstance(fault, UserError):
            refused(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    services.tasks.run(Lane.DB, "d-business-declaring", lambda context: _prepare(context, form.id, period),
                       done=done, failed=failed, topics=_TOPICS)  # fmt: skip


def _prepare(context: TaskContext, form_id: str, period: Period) -> FormPrepared:
    from unitclient.workflows.declaring import prepare_form

    return prepare_form(context.desk(), context.unit(), form_id, period)
