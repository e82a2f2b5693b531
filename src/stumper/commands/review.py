"""People: review, audit, exchange with other tools."""

import getpass
from typing import Any


def _reviewer(arguments: Any) -> str:

    return str(arguments.reviewer or getpass.getuser())


def _audit(arguments: Any) -> None:
    from stumper import run as runs
    from stumper.committee import certify
    from stumper.review import terminal

    run = runs.Run.read(arguments.run)
    begun, written, artefact = runs.audit(run)
    with artefact:
        if not arguments.terminal:
            from stumper.reviewing import serve
            from stumper.reviewing.sittings import Auditing, about

            budget = run.config.committee.audit.budget if run.config.committee.audit else 0
            sitting = Auditing(begun, about(run), artefact.folder, budget)
            serve(sitting, _reviewer(arguments), arguments.host, arguments.port, _address)
            count = sitting.count
        else:
            count = len(certify.resume(begun, written, artefact.folder))
            while (item := begun.next) is not None:
                found = terminal.answer(written[item].question, f"[{count + 1}] {item}", input, print)
                if found == "stop":
                    break
                answer = certify.Answer(item=item, choice=found, reviewer=_reviewer(arguments))
                certify.keep(artefact.folder, answer)
                begun.tell(certify.is_right(answer, written))
                count += 1
    print(f"{count} answers; {begun.certificate()}")
    print("the audit is over" if begun.next is None else "more can be asked: the same command goes on")


def _address(url: str) -> None:
    print(f"review page: {url}\nCtrl-C ends it; every decision is kept at once", flush=True)


def review(arguments: Any) -> None:
    if arguments.audit:
        _audit(arguments)
        return
    from stumper import run as runs
    from stumper.types import Review

    run = runs.Run.read(arguments.run)
    waiting, artefact = runs.queue(run)
    if arguments.export or arguments.load:
        _exchange(arguments, run, artefact)
        return
    if not waiting:
        print("nothing waits for a person")
        return
    if arguments.accept_none:
        with artefact:
            artefact.unseal()
            for key in waiting:
                artefact.append(key, Review(decision="left", reviewer=_reviewer(arguments), reason="left out unread"))
        print(f"{len(waiting)} left out; `stumper run` goes on without them")
        return
    from stumper.review import terminal
    from stumper.reviewing import serve
    from stumper.reviewing.sittings import Reviewing, about, deciding

    reviewer = _reviewer(arguments)
    with deciding(run, artefact, arguments.wanted) as decisions:
        if arguments.terminal:
            mine = {key: item for key, item in waiting.items() if reviewer not in decisions.reviews(key)}
            for key, review in terminal.decide(mine, reviewer, input, print):
                decisions.take(key, review)
        else:
            serve(Reviewing(decisions, about(run)), reviewer, arguments.host, arguments.port, _address)
    print(f"{decisions.decided} of {len(decisions.queue)} decided; `stumper run` goes on with them")


def _exchange(arguments: Any, run: Any, artefact: Any) -> None:
    """Export queue and decisions, or import decisions."""
    from stumper.files import read_text
    from stumper.reviewing import exchange
    from stumper.reviewing.sittings import deciding, questions_of, reviewed
    from stumper.store import replace_text

    if arguments.export:
        rows = list(reviewed(run, artefact, arguments.wanted))
        replace_text(arguments.export, exchange.dump(rows, arguments.format))
        questions, decisions = len({row.item for row in rows}), sum(row.review is not None for row in rows)
        print(f"{questions} questions with {decisions} decisions: {arguments.export}")
        return
    # All of it is read before any of it is taken.
    text, where = read_text(str(arguments.load)), str(arguments.load)
    reviews = list(exchange.load(text, arguments.format, questions_of(run), where))
    with deciding(run, artefact, arguments.wanted) as decided:
        for item, review in reviews:
            decided.take(item, review)
    print(f"{len(reviews)} decisions taken; `stumper run` goes on with them")
