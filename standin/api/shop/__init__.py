"""The shop's endpoints: further pages of lists, a product's data, reviews."""
