"""Published figures and their computation: what docs/published-results.md is made of (``python -m tools.published_results``)."""
