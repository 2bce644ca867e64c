"""From labelled texts to a model folder. `ruminate train` on the command line is the twin of `train_model`.

Everything is deterministic: the same texts and settings give the same bytes.
"""

from ruminate.training.examples import Example, examples_of, judged_examples, read_soft_labels
from ruminate.training.fit import Settings
from ruminate.training.train import Trained, train_model

__all__ = ["Example", "Settings", "Trained", "examples_of", "judged_examples", "read_soft_labels", "train_model"]
