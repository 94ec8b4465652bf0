"""How sure the scores are: sampling intervals, the range over methods, sensitivity, bounds. The two intervals never mix."""
