"""Showing an assessment to a person: lines for a terminal, HTML for a page or a notebook.

Both mark the evidence in the text, say what doesn't count and why, and speak of the entry, never of the person. Neither
leaves anything to colour alone, and a text can drive neither the terminal nor the page.
"""

from ruminate.render.console import terminal
from ruminate.render.page import html

__all__ = ["html", "terminal"]
