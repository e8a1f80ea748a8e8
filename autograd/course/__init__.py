"""What the notebooks of the course share: exercises that check an answer, and how figures look."""

from autograd.course.exercises import agree, agree_on, mark

__all__ = ["agree", "agree_on", "mark"]
