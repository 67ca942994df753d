"""The commands `course certify` and `course verify`: issue certificates from the gradebook, withdraw and check them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from coursekit.report.cohort import Cohort


def certify(
    marking: Annotated[Path, typer.Option(help="The folder that `course grade` made.")] = Path("marking"),
    assignment: Annotated[
        str | None,
        typer.Option(help="Which exercise, such as E02. Not needed while the folder has only one."),
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(help="Who issues them, as it should stand on the page. Asked for the first time."),
    ] = None,
    roster: Annotated[Path | None, typer.Option(help="The roster, for people's full names.")] = None,
    second_marks: Annotated[
        Path | None, typer.Option(help="Marks by criterion, if you keep them: a criterion at 0 is no pass.")
    ] = None,
    looked_at: Annotated[
        list[str] | None,
        typer.Option(help="A flagged learner's file name, once a person has looked. Repeat as needed."),
    ] = None,
    withdraw: Annotated[str | None, typer.Option(help="The id of a certificate to withdraw.")] = None,
    because: Annotated[str, typer.Option(help="With --withdraw: why. Whoever checks it reads this.")] = "",
) -> None:
    """Issue certificates to everybody who has passed, as Open Badges 3.0 and PDF; each learner gets one.

    They go into `certificates` in the marking folder, with the key that signs them. Keep that key secret. It ends with 0
    when all is well, with 1 when a file's rows could not be used, and with 2 when nothing could be issued.
    """
    from coursekit.report import agreement, certificates, gather, paper
    from coursekit.report.command import statements
    from coursekit.report.table import TableError

    marking = marking.resolve()
    folder = marking / "certificates"
    now = datetime.now(UTC)
    try:
        known = gather.assignments(marking)
        issuing = certificates.Issuing.open(folder, issuer)
        if withdraw:
            name = issuing.withdraw(withdraw, because, now)
            typer.echo(
                f"Withdrawn: {withdraw}, {name}. Publish {folder / certificates.WITHDRAWN} where people look."
            )
            return
        if assignment is None and len(known) > 1:
            _stop(f"Say which exercise with --assignment. There are: {', '.join(known)}.")
        if assignment is not None and assignment not in known:
            _stop(f"{assignment} has not been marked in {marking}. There are: {', '.join(known)}.")
        cohort = gather.gather(marking, assignment or known[0], roster)
        problems, zeros = list(cohort.problems), {}
        if second_marks is not None:
            by_task = gather.criteria_by_task(marking, cohort)
            marks, told = agreement.read_second_marks(second_marks, cohort, by_task)
            problems += told
            zeros = agreement.zeros(marks)
    except (certificates.CertificateError, gather.ReportError, TableError, OSError) as error:
        _stop(str(error))
    if issuing.made:
        typer.echo(f"A signing key was made: {folder / certificates.PRIVATE}", err=True)
        typer.echo(
            "Keep it secret and keep a copy: whoever has it can issue certificates in your name.", err=True
        )

    assessed, time = _assessed(cohort, statements()), _time(cohort)
    issued = 0
    for learner in cohort.learners:
        reason = certificates.why_not(cohort, learner, zeros, frozenset(looked_at or ()))
        before = issuing.standing(learner.student, cohort.assignment)
        if reason:
            typer.echo(f"  {learner.name}: none, {reason}.")
            if before:
                typer.echo(
                    f"    They hold {before} from earlier. If it is wrong, withdraw it with --withdraw {before}"
                )
        elif before:
            typer.echo(f"  {learner.name}: has one already.")
        else:
            said, token = issuing.issue(cohort, learner, assessed, time, now)
            stem = f"{learner.student}-{cohort.assignment}"
            named = paper.write_pdf(folder / f"{stem}.pdf", said, token, assessed, time)
            issued += 1
            typer.echo(
                f"  {learner.name}: issued{'' if named else '; the PDF’s font cannot set this name, and says so'}."
            )
    for problem in problems:
        typer.echo(f"  {problem}")
    typer.echo(f"{issued} issued, by this rule: {certificates.RULE}")
    typer.echo(
        "nbgrader keeps one mark for each written task. A criterion at 0 inside it is only seen with --second-marks."
        if not second_marks
        else "Criteria were taken from the file given."
    )
    typer.echo(f"In {folder}. Give {certificates.PUBLIC} to whoever wants to check one.")
    raise typer.Exit(1 if problems else 0)


def verify(
    file: Annotated[Path, typer.Argument(help="A certificate: the .openbadge.jwt file, or its PDF.")],
    key: Annotated[Path | None, typer.Option(help="The issuer's public key, issuer-public.pem.")] = None,
    withdrawn: Annotated[
        Path | None, typer.Option(help="The issuer's list of withdrawn certificates, withdrawn.csv.")
    ] = None,
) -> None:
    """Check a certificate without the internet.

    It ends with 0 for one to rely on, with 1 for one that was changed, withdrawn or signed by somebody else, with 2 when a file
    cannot be read, and with 3 for one that is whole but whose key nobody has vouched for.
    """
    from coursekit.report import certificates

    try:
        data = file.read_bytes()
        pem = key.read_bytes() if key else None
        gone = certificates.withdrawn(withdrawn) if withdrawn else {}
        if withdrawn and not withdrawn.exists():
            _stop(f"There is no file {withdrawn}.")
    except OSError as error:
        _stop(f"{error.filename} cannot be read ({error.strerror}).")
    except (KeyError, ValueError):
        _stop(f"{withdrawn} is not a list of withdrawn certificates.")
    try:
        found, problem = certificates.verify(data, pem), ""
    except certificates.UnknownKeyError as error:
        found, problem = error.certificate, str(error)
    except certificates.CertificateError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if found.id in gone:
        typer.echo(
            f"Do not rely on this certificate. Its issuer has withdrawn it: {gone[found.id]}", err=True
        )
        raise typer.Exit(1)
    typer.echo(
        f"{found.name}\n{found.title}\nIssued by {found.issuer}, {found.issued.day} {found.issued:%B %Y}"
    )
    typer.echo(f"{found.narrative}\nCertificate {found.id}\nKey {found.key}")
    if problem:
        typer.echo(problem, err=True)
        raise typer.Exit(3)
    typer.echo(
        "Signed with that key, and unchanged since. On paper or PDF, compare the name and the exercise with these."
    )
    if not withdrawn:
        typer.echo(
            "Whether it has been withdrawn, only the issuer knows: ask for withdrawn.csv and give it with --withdrawn."
        )


def _time(cohort: Cohort) -> str:
    """How long the lessons of the exercise's modules are planned to take; nobody's time was taken."""
    from improvement.curriculum import lessons

    modules = sorted({item.module for item in cohort.items})
    own = [lesson for lesson in lessons() if lesson.module in modules]
    if not own:
        return "No time was taken."
    minutes = sum(lesson.minutes for lesson in own)
    return (
        f"The {len(own)} lessons of {' and '.join(modules)} that lead to it are planned as {minutes // 60} hours and "
        f"{minutes % 60} minutes; no time was taken."
    )


def _assessed(cohort: Cohort, words: dict[tuple[str, str], str]) -> list[str]:
    """Each outcome in words, and who or what marked it."""
    from coursekit.report.cohort import outcomes

    found = []
    for module, outcome in outcomes(cohort.items):
        own = [item for item in cohort.items if (item.module, item.outcome) == (module, outcome)]
        kinds = {item.by_hand for item in own}
        ways = [way for kind, way in ((False, "by computer"), (True, "by a person")) if kind in kinds]
        found.append(f"{words.get((module, outcome), outcome)} (marked {' and '.join(ways)})")
    return found


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
