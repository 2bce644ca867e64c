"""Our solver finds the optimum that scikit-learn finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ruminate.training.solver import fit_shares


@pytest.mark.parametrize("inverse_penalty", [0.3, 3.0])
def test_the_optimum_is_that_of_scikit_learn(inverse_penalty: float) -> None:
    random = np.random.default_rng(0)
    matrix = sparse.random(300, 40, density=0.2, random_state=0, format="csr") + sparse.csr_matrix(np.outer(random.normal(size=300), np.eye(40)[0]) * 5)
    shares = random.dirichlet(np.ones(3) * 0.5, size=300) * random.uniform(0.2, 2.0, size=(300, 1))
    weights, intercept = fit_shares(matrix.tocsr(), shares, inverse_penalty, tolerance=1e-9)
    text, label = np.nonzero(shares)
    theirs = LogisticRegression(C=inverse_penalty, max_iter=5000, tol=1e-9).fit(matrix.tocsr()[text], label, sample_weight=shares[text, label])
    assert np.abs(weights - theirs.coef_.T).max() < 1e-4
    assert np.abs(intercept - intercept.mean() - (theirs.intercept_ - theirs.intercept_.mean())).max() < 1e-4
