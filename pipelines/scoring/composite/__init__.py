"""From values in many units to one index: each step is a pure function over arrays of units x measures."""
