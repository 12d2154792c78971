"""The shop's population: storefronts, categories, sellers and products. Computed, never stored."""
