"""Keys: PKCS#11 tokens and PKCS#12 files, worked by a helper process."""
