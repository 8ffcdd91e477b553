"""What set-up and documentation are made with: ``python -m tools.published_results``, ``python -m tools.console_pages``."""
