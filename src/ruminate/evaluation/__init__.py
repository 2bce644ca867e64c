"""Measuring: records with labels, metrics with intervals, baselines. Needs scikit-learn; never loaded by `import ruminate`."""
