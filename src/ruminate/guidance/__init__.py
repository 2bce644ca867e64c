"""What may be said to a person, and what a host should know of: questions, supervision agenda, genuine concern, crisis screen.

All wording lives in TOML files beside this one, and a host can hand in its own.
"""

from ruminate.guidance.agenda import AgendaItem, supervision_agenda
from ruminate.guidance.wording import Wording, load_wording

__all__ = ["AgendaItem", "Wording", "load_wording", "supervision_agenda"]
