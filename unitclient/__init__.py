"""unitclient: monthly social-insurance declarations of an employer unit, from a spreadsheet to the receipt."""

__version__ = "0.1.0"
