"""`unitclient accounts`, `knowledge` and `notices messages`: what the centre tells around the businesses."""

from __future__ import annotations

import argparse

from unitclient.app import open_desk, open_unit_desk
from unitclient.cli.findings import finding_lines
from unitclient.cli.output import DONE, MENDABLE, Answer, Progress, pairs, table
from unitclient.cli.speak import yuan
from unitclient.clock import CHINA
from unitclient.texts import catalogue, error_texts, say
from unitclient.workflows import accounts as book
from unitclient.workflows import asking_many, knowledge, tickets
from unitclient.workflows.messages import messages as list_messages


def accounts(args: argparse.Namespace) -> Answer:
    """Every account of every unit, asked for again where that is wanted."""
    progress = Progress(args.json)
    with open_desk(args.home) as desk:
        failures = book.refresh(desk, progress.count) if args.refresh else []
        found = book.accounts(desk, args.category or "")
    heads = [say(f"account-{name}") for name in ("unit", "kind", "tail", "balance", "due", "overdue", "at")]
    lines = table(heads, [_cells(one) for one in found], (3, 4, 5)) if found else [say("account-none")]
    for failure in failures:
        told = error_texts(failure.refusal.code, failure.refusal.params)
        lines.append(f"{failure.unit_number}：{told.why}")
    data = {
        "accounts": [one.to_json() for one in found],
        "failures": {one.unit_number: one.refusal.code for one in failures},
    }
    return Answer(data, tuple(lines), MENDABLE if failures else DONE)


def log(args: argparse.Namespace) -> Answer:
    """What was done with accounts, payments, queries and notices on this computer."""
    with open_desk(args.home) as desk:
        found = book.operation_log(desk)
    told = [{"at": one.at.isoformat(), "act": one.act, "subject": one.subject, "actor": one.actor} for one in found]
    heads = [say(key) for key in ("desk-message-at", "log-act", "log-subject")]
    rows = [[f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}", one.act, one.subject] for one in found]
    return Answer({"log": told}, tuple(table(heads, rows)))


def articles(args: argparse.Namespace) -> Answer:
    """Knowledge articles: all, found by what was typed, or about a business or finding codes."""
    with open_unit_desk(args.home) as (desk, unit):
        if args.form or args.finding:
            found = knowledge.suggest(desk, unit, form=args.form or "", findings=args.finding)
        else:
            found = knowledge.search(desk, unit, args.text or "")
    rows = [[one.id, one.published, one.title] for one in found]
    heads = [say(key) for key in ("article-id", "notice-published", "notice-title")]
    return Answer({"articles": [one.to_json() for one in found]},
                  tuple(table(heads, rows) if rows else [say("article-none")]))  # fmt: skip


def article(args: argparse.Namespace) -> Answer:
    """One knowledge article."""
    with open_unit_desk(args.home) as (desk, unit):
        found = knowledge.article_named(desk, unit, args.id)
    return Answer({"article": found.to_json()}, (found.title, found.published, "", *found.body.splitlines()))


def messages(args: argparse.Namespace) -> Answer:
    """What was subscribed to be told in the program, by topic."""
    with open_unit_desk(args.home) as (desk, unit):
        found = list_messages(desk, unit, args.topic or "")
    heads = [say(key) for key in ("desk-message-at", "message-topic", "desk-message-body")]
    rows = [
        [f"{one.received.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.received else "", one.topic_title, one.body]
        for one in found
    ]
    lines = table(heads, rows) if rows else [say("desk-no-messages")]
    return Answer({"messages": [one.to_json() for one in found]}, tuple(lines))


def _cells(one: book.Account) -> list[str]:
    amounts = [yuan(fen) if fen is not None else "" for fen in (one.balance_fen, one.due_fen, one.overdue_fen)]
    at = f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.at else say("account-never")
    key = f"account-kind-{one.kind}"
    kind = say(key) if key in catalogue()["text"] else one.kind
    key = f"balance-origin-{one.origin}"
    if key in catalogue()["text"]:
        amounts[0] += say("in-brackets", text=say(key))
    return [one.unit_name, kind, one.tail, *amounts, f"{at} ×" if one.failure else at]


def ticket(args: argparse.Namespace) -> Answer:
    """A question about a declaration: what would be sent is shown, with persons hidden; `--stage` lets it wait."""
    asked = {"subject": args.subject, "question": args.question, "category": args.category, "contact": args.contact,
             "phone": args.phone, "screenshot": str(args.screenshot.resolve()) if args.screenshot else ""}  # fmt: skip
    with open_unit_desk(args.home) as (desk, unit):
        made = tickets.draft(desk, unit, args.id, asked, stage=args.stage)
        articles_found = tickets.suggested(desk, unit, made.values)
        form = desk.catalog.form(tickets.TICKET)
    lines = pairs((str(form.field(name).title), str(value or "")) for name, value in made.values.items())
    lines += [say("ticket-article", id=one.id, title=one.title) for one in articles_found]
    problems = finding_lines(made.errors)
    lines += problems or [say("ticket-staged" if args.stage else "ticket-shown")]
    data = {
        "values": dict(made.values),
        "staged": made.staged,
        "refused": [finding.code for finding in made.errors],
        "articles": [one.id for one in articles_found],
    }
    return Answer(data, tuple(lines), MENDABLE if problems else DONE)


def many(args: argparse.Namespace) -> Answer:
    """One query for every row of a workbook."""
    progress = Progress(args.json)
    with open_unit_desk(args.home) as (desk, unit):
        asked = asking_many.ask_many(desk, unit, args.query, args.file, progress.count)
    if args.out:
        asking_many.write_answers(desk.catalog, args.query, asked, args.out)
    rows = [[str(one.number), str(len(one.rows)), one.refusal] for one in asked]
    heads = [say(key) for key in ("query-row", "query-found", "query-why")]
    told = [
        {"row": one.number, "inputs": dict(one.inputs), "rows": [dict(row) for row in one.rows], "refusal": one.refusal}
        for one in asked
    ]
    data = {"query": args.query, "asked": told, "workbook": str(args.out) if args.out else None}
    return Answer(data, tuple(table(heads, rows)), MENDABLE if any(one.refusal for one in asked) else DONE)
