"""Where things are in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
FRONTEND = BUILD / "frontend"
HTML = BUILD / "html"
LITE = HTML / "lite"
NOTEBOOKS = BUILD / "notebooks"
EXERCISES = BUILD / "exercises"


def notebooks() -> list[Path]:
    """Return every page of the book that is a MyST notebook, in name order."""
    pages = sorted([*ROOT.glob("book/**/*.md"), *ROOT.glob("modules/*/*.md")])
    return [page for page in pages if "\nkernelspec:" in page.read_text(encoding="utf-8")]


def lessons() -> list[Path]:
    """Return the lessons' sources: the notebooks in a module's folder, in name order."""
    return [page for page in notebooks() if page.is_relative_to(ROOT / "modules")]


def golden(lesson: Path) -> Path:
    """Return the place of a lesson's committed golden notebook."""
    return lesson.parent / "notebooks" / f"{lesson.stem}.ipynb"
