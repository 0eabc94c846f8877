"""The shipped table: complete, rising, and near Thomson's smooth law."""

import numpy as np

from mlphys.physics.thomson_energies import published_energies


def test_table_is_complete_and_rises():
    table = published_energies()
    assert set(range(2, 101)) <= set(table) and {200, 282, 470} <= set(table)
    assert list(table) == sorted(table)
    values = np.array(list(table.values()))
    assert (np.diff(values) > 0).all()


def test_closed_forms_and_the_smooth_law():
    table = published_energies()
    exact = {2: 0.5, 3: 3**0.5, 4: 6 / (8 / 3) ** 0.5, 6: 12 / 2**0.5 + 1.5}
    assert all(abs(table[n] - value) < 6e-10 for n, value in exact.items())
    n = np.array(list(table), dtype=float)
    law = n**2 / 2 - 0.5523 * n**1.5  # the next term is of the order of √n
    assert (np.abs(np.array(list(table.values())) - law)[n >= 12] < 0.1 * np.sqrt(n[n >= 12])).all()
