"""scikit-learn estimators: the features of the signs as a transformer, and a classifier that learns from own labels.

SignFeatures            texts in, the named features out: what every scorer of ours reads
RuminationClassifier    fitted to own labels, from our weights or from nothing; explains itself feature by feature
"""

from ruminate.estimators.classifier import Explanation, RuminationClassifier
from ruminate.estimators.features import SignFeatures

__all__ = ["Explanation", "RuminationClassifier", "SignFeatures"]
