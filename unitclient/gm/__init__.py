"""国密 SM2 and SM3: keys and signatures by OpenSSL, and the preprocessing that devices leave to us."""
