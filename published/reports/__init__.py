"""Data-quality reports: pages, CSV and JSON for each publisher, as part of a release and before publication."""

FOLDER = "reports"
"""Where they lie in a release, and under which address they are served."""
