"""Where things are in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"
FRONTEND = BUILD / "frontend"
HTML = BUILD / "html"
LITE = HTML / "lite"
NOTEBOOKS = BUILD / "notebooks"
EXERCISES = BUILD / "exercises"


def lessons() -> list[Path]:
    """Return the lessons' sources: every MyST notebook in a module's folder, in name order."""
    return sorted(
        path for path in ROOT.glob("modules/*/*.md") if "\nkernelspec:" in path.read_text(encoding="utf-8")
    )


def golden(lesson: Path) -> Path:
    """Return the place of a lesson's committed golden notebook."""
    return lesson.parent / "notebooks" / f"{lesson.stem}.ipynb"
