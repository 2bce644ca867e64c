"""The page: sections, examples and limits put into one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from importlib.resources import files
from os import PathLike
from pathlib import Path

from ruminate.errors import InputError
from ruminate.report.examples import choose_examples
from ruminate.report.sections import SECTIONS
from ruminate.report.study import Study, read_study

__all__ = ["report_page", "write_report"]


def report_page(study: Study, *, title: str = "Reflection and rumination in a collection of texts") -> str:
    """The report as HTML.

    Parameters
    ----------
    study
        From `read_study`.
    title
        Heading of the page.

    Raises
    ------
    InputError
        If a package that draws or counts is not installed.
    """
    try:
        import krippendorff  # noqa: F401 - only whether it is there
        import matplotlib as mpl  # noqa: F401
        import statsmodels  # noqa: F401
        from jinja2 import Environment
    except ImportError as error:
        raise InputError(f'the report needs {error.name}: pip install "ruminate-nlp[report]"') from None
    here = files("ruminate.report")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(here.joinpath("page.html.jinja").read_text("utf-8"))
    sections = [section for make in SECTIONS if (section := make(study)) is not None]
    examples = choose_examples(study)
    return template.render(title=title, style=here.joinpath("page.css").read_text("utf-8"), sections=sections, examples=examples, redacted=study.text is None)


def write_report(
    results: str | PathLike[str], output: str | PathLike[str], *, author: str | None = None, time: str | None = None, group: str | None = None,
    human: str | None = None, redact: bool = False, title: str | None = None,
) -> Path:  # fmt: skip
    """Write the report on the results of `ruminate batch`; arguments as for `read_study` and `report_page`. Returns the place of the page."""
    study = read_study(results, author=author, time=time, group=group, human=human, redact=redact)
    page = report_page(study) if title is None else report_page(study, title=title)
    place = Path(output)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(page, encoding="utf-8")
    return place
