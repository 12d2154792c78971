"""The population: who exists, what they posted and how it was received. Computed, never stored."""
