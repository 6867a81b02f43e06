"""unitclient: monthly social-insurance declarations of an employer unit (用人单位), from a spreadsheet to the receipt."""

__version__ = "0.1.0"
