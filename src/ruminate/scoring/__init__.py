"""From evidence and measures to named features, and from features to scores, by rules or by a trained model."""
