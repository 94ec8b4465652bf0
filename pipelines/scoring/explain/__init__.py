"""Why a figure changed, by arithmetic that adds up. It says what moved; why it moved needs a dated reason with a source."""
