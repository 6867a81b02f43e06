"""One folder a page: view.py (widgets only), presenter.py (no widgets), state.py (frozen values)."""
