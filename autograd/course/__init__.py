"""What the notebooks of the course share: exercises that check an answer, figures and tables."""

from autograd.course.exercises import agree, agree_on, mark
from autograd.course.figures import Curves, Dots, show, use_style
from autograd.course.planes import Contours, Decision, Histogram, Image, Net
from autograd.course.tables import Table

__all__ = [
    "Contours",
    "Curves",
    "Decision",
    "Dots",
    "Histogram",
    "Image",
    "Net",
    "Table",
    "agree",
    "agree_on",
    "mark",
    "show",
    "use_style",
]
