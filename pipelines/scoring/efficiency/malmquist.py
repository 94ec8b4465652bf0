"""Change of productivity between two periods: catching up with the frontier times the frontier's own shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.scoring.arrays import FloatArray
from pipelines.scoring.efficiency.dea import CRS, input_efficiency


@dataclass(frozen=True, slots=True)
class Malmquist:
    """Per unit (units,): `catch_up` EC, `frontier_shift` TC and their product; above 1 is better."""

    catch_up: FloatArray
    frontier_shift: FloatArray

    @property
    def index(self) -> FloatArray:
        return np.asarray(self.catch_up * self.frontier_shift, dtype=np.float64)


def malmquist(
    old_inputs: FloatArray, old_outputs: FloatArray, new_inputs: FloatArray, new_outputs: FloatArray
) -> Malmquist:
    """EC = D11/D00, TC = sqrt((D01/D11)(D00/D10)); D_rs is theta of period-s data against the period-r frontier, CRS.

    The same units in the same order in all four tables. With constant returns the input theta is the output distance
    function, so that this is Malmquist's index of Faere et al. (1994). NaN for a unit that the other year's frontier has no
    measure for (it lacks an input that all of them need). Source: METHOD, Efficiency.
    """
    if not len(old_inputs) == len(old_outputs) == len(new_inputs) == len(new_outputs):
        raise ValueError("both periods must list the same units in the same order")
    old, new = (old_inputs, old_outputs), (new_inputs, new_outputs)
    d00, d11 = input_efficiency(*old, CRS), input_efficiency(*new, CRS)
    d01, d10 = input_efficiency(*new, CRS, frontier=old), input_efficiency(*old, CRS, frontier=new)
    return Malmquist(np.asarray(d11 / d00), np.asarray(np.sqrt((d01 / d11) * (d00 / d10))))
