"""Dialogs behind one service: pages ask by DialogService and are called back, so that tests can answer."""
