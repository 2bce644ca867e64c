"""The errors that ruminate raises, all under one root.

Kept apart so that a host can catch `RuminateError` without importing anything heavy. No message ever quotes the text that
was being read: messages end up in logs, and a journal entry must not.

    RuminateError
    ├── InputError      what was handed in is not what the call takes
    ├── SignError       a sign file is wrong; names file, key and reason
    └── ModelError      a model file is missing, damaged or does not fit
"""

__all__ = ["InputError", "ModelError", "RuminateError", "SignError"]


class RuminateError(Exception):
    """Root of every error that this library raises on purpose."""


class InputError(RuminateError, TypeError):
    """What was handed in is not what the call takes, for example `bytes` where text is expected."""


class SignError(RuminateError, ValueError):
    """A sign file (or another word file) can't be used; the message names the file, the key and the reason."""


class ModelError(RuminateError):
    """A model file is missing, damaged, or made for another set of features."""
