"""A student's own engine, examined: skill by skill, on the smallest example, with the mistake behind it."""

from autograd.examining.examine import Report, examine
from autograd.examining.process import ExaminationError
from autograd.examining.skills import SKILLS

__all__ = ["SKILLS", "ExaminationError", "Report", "examine"]
