"""What the notebooks of the course share: exercises that check an answer, figures, tables and texts."""

from autograd.course.exercises import agree, agree_on, mark
from autograd.course.figures import Curves, Dots, show, use_style
from autograd.course.planes import Contours, Decision, Histogram, Image, Letters, Looks, Net
from autograd.course.texts import folded, source, table

__all__ = [
    "Contours", "Curves", "Decision", "Dots", "Histogram", "Image", "Letters", "Looks", "Net",
    "agree", "agree_on", "folded", "mark", "show", "source", "table", "use_style",
]  # fmt: skip
