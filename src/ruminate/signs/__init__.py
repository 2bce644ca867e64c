"""What the writer does: the signs of the codebook as files, how they are found, and what is measured beside them."""
