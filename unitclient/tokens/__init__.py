"""Keys: PKCS#11 tokens and PKCS#12 files, worked by a helper process.

The program sees `keys.KeyHelper`; modules named child_* and `helper` run in the child process only.
"""
