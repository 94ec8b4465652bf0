"""Files of results -> figures, one reader a shape of file. Knows nothing of scores, publishers or the lake."""
