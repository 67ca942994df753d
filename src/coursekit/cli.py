"""The `course` command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from coursekit import paths

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Build, open and mark the course.")


@app.command()
def build(
    pyodide_dist: Annotated[
        Path | None,
        typer.Option(
            help="A downloaded Pyodide distribution, unpacked: adds pandas, numpy and matplotlib to notebooks in the browser."
        ),
    ] = None,
) -> None:
    """Build the book, the notebooks and the exercises into _build."""
    from coursekit.build import book, frontend

    distribution = _checked_distribution(pyodide_dist)
    try:
        typer.echo("Bundling the front end ...")
        frontend.build()
        typer.echo("Building the book ...")
        book.build()
    except subprocess.CalledProcessError as error:
        typer.echo(f"The build stopped: see the messages above ({error}).", err=True)
        raise typer.Exit(1) from None
    for lesson in paths.lessons():
        target = paths.NOTEBOOKS / lesson.parent.name / f"{lesson.stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.golden(lesson), target)
    _release()
    _build_lite(distribution)
    _package()
    typer.echo(f"Built: {paths.HTML / 'index.html'}")


def _release() -> None:
    from coursekit.grade.release import build_release

    typer.echo("Preparing the exercises ...")
    build_release(paths.EXERCISES)
    shutil.copytree(paths.EXERCISES, paths.NOTEBOOKS / "exercises", dirs_exist_ok=True)


def _package() -> None:
    from coursekit.build import offline, scorm

    typer.echo("Packing the course for folders without a server and for learning systems ...")
    offline.build()
    scorm.build()


def _checked_distribution(folder: Path | None) -> Path | None:
    from coursekit.build.lite_packages import check_distribution

    try:
        return check_distribution(folder) if folder else None
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _build_lite(distribution: Path | None) -> None:
    from coursekit.build import lite, lite_packages

    typer.echo("Building the notebooks for the browser ...")
    try:
        lite.build(distribution)
    except lite_packages.PackagesError as error:
        typer.echo(f"The notebooks for the browser are left out, all else is built: {error}", err=True)
    except subprocess.CalledProcessError as error:
        typer.echo(f"The notebooks for the browser are left out: see the messages above ({error}).", err=True)
        raise typer.Exit(1) from None


@app.command("open")
def open_course(
    port: Annotated[
        int, typer.Option(help="Where to serve the book; a free port is taken if it is in use.")
    ] = 8000,
    lab: Annotated[bool, typer.Option(help="Start JupyterLab with the notebooks too.")] = True,
) -> None:
    """Serve the built course on this machine, and print where."""
    from coursekit.build import serve

    if not (paths.HTML / "index.html").exists():
        typer.echo("Nothing is built yet. Run: course build", err=True)
        raise typer.Exit(2)
    serve.run(port, lab)


@app.command()
def accept() -> None:
    """Refresh the golden notebooks after a lesson changed; read the difference before you commit it."""
    from coursekit.build import golden

    for lesson in paths.lessons():
        target = paths.golden(lesson)
        target.parent.mkdir(exist_ok=True)
        made = golden.make(lesson)
        changed = not target.exists() or target.read_text(encoding="utf-8") != made
        target.write_text(made, encoding="utf-8")
        typer.echo(f"{'changed  ' if changed else 'unchanged'} {target.relative_to(paths.ROOT)}")


def _register_grade() -> None:
    from coursekit.grade.check import check
    from coursekit.grade.command import grade

    app.command("grade")(grade)
    app.command("check")(check)


_register_grade()


def _register_report() -> None:
    from coursekit.report.certify import certify, verify
    from coursekit.report.command import report

    for command in (report, certify, verify):
        app.command()(command)


_register_report()


if __name__ == "__main__":
    app()
